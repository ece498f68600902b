"""Looks at a file and says how it is written: its kind, encoding, delimiter and header; for advice and for guesses."""
