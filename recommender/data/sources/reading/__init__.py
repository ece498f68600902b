"""Readers of files by their kind; each gives frames, so that one need not hold all, with cells as they are there."""
