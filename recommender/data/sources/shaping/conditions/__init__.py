"""Conditions that rows fulfil or not: which are read, and which came back."""
