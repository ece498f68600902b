"""Exports of known shop systems and data sets: what the presets recognise, without asking anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recommender.data.sources.presets import load_preset, recognise
from recommender.onboarding.found_table import FoundTable

_SURE: Final = 0.7
"""Share of a preset's columns that a file has; what marks it is there anyway."""


@dataclass(frozen=True)
class Recognised:
    """A foreign table that a preset knows.

    Attributes:
        preset: What ``like`` calls it.
        table: Which of our tables it is.
        score: From 0 to 1.
        lacking: Our columns that the preset would read and the table does not have.
        keys: What the preset says of the table.
    """

    preset: str
    table: str
    score: float
    lacking: tuple[str, ...]
    keys: Mapping[str, Any]


def recognised(found: FoundTable) -> list[Recognised]:
    """The presets' tables that a foreign table surely is, best first."""
    file = str(found.reading.get("file", found.words)).rpartition("/")[2]
    columns: Sequence[str] = [*found.columns, *dict.fromkeys(name.partition(".")[0] for name in found.columns)]
    matches = [match for match in recognise(columns, file) if match.score >= _SURE]
    return [
        Recognised(
            match.preset, match.table, match.score, tuple(match.lacking),
            load_preset(match.preset).tables[match.table],
        )
        for match in matches
    ]  # fmt: skip
