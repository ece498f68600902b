"""Marks of rows that rules ask for."""

from typing import Final

ADDING: Final = "_adding"
"""A later row that says something else than the first of its customer or product."""
