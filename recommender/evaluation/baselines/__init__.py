"""Simple models to compare with, on the same split and by the same ranking."""
