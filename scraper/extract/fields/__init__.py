"""One file for the chain of each field: its sources, in order of credibility."""
