"""Lengths of time in seconds, each written down once."""

from typing import Final

SECONDS_AN_HOUR: Final = 3_600
SECONDS_A_DAY: Final = 86_400
