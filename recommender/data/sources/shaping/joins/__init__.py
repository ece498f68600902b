"""Columns of another table beside those of a foreign one: keys that are compared, and rows that belong together."""
