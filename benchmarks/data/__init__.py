"""Features by number of interactions, beside pandas doing the same."""
