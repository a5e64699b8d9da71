"""The questions of analysts: each is a plain function that takes an open archive and a filter, and returns records.

`trends` (hits over time), `concordance` (a word in its context), `words` (top words, keyness, collocations), `names`
(who is quoted and named), `spread` (who was first with a story), `sample` and `agreement` (coding by hand). `measures`
holds the formulas, with their sources. docs/analysis.md says how each number is made.
"""
