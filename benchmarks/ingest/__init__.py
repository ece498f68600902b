"""How long it takes to read a large data set, and how much memory, beside an older checkout doing the same."""
