"""Servers that tests start for themselves, or that stand in for real ones."""
