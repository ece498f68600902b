"""Writes the source file of a shop that is only pointed at: looks, guesses, says how sure it is, and shows the result.

Nothing here knows a terminal: questions are objects, and whoever has a person before them asks.
"""
