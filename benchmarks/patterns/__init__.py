"""Regular expressions and hostile input: `find` has all of the package, `matcher` counts steps, `attack` makes the inputs."""
