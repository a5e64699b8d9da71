"""One file for the chain of each field: its sources, in the order in which they are believed."""
