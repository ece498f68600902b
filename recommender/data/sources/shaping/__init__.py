"""Brings a foreign table into the shape of ours, before its columns are mapped: which rows there are, and of what."""
