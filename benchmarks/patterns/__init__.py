"""Regular expressions and hostile input: `find` lists all in the package, `matcher` counts steps, `attack` makes the
inputs.
"""
