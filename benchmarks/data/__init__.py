"""Preparation and features by number of rows, beside pandas doing the same."""
