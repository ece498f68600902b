"""The command line: what a person can have the platform do, from a terminal."""
