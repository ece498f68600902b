"""Preparation and features by number of interactions, beside pandas doing the same."""
