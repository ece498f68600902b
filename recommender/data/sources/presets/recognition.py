"""Which preset a file fits, by the names of its columns and its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, cast

from recommender.contract import fields as contract
from recommender.data.sources.presets.preset import Preset, load_preset, preset_names


@dataclass(frozen=True)
class Match:
    """A file that may be a table of a preset.

    Attributes:
        preset: What ``like`` calls it.
        table: The table of ours that the file holds; one file may hold several.
        score: From 0 to 1: the share of the preset's columns that the file has, its name counted as one of them.
        lacking: Our columns that the preset would read from columns that the file has not; none of them is required.
            In the source file each stands with ``null``.
    """

    preset: str
    table: str
    score: float
    lacking: tuple[str, ...] = ()


def recognise(columns: Sequence[str], file_name: str = "") -> list[Match]:
    """The tables of presets that a file may hold, the best first.

    A file needs the columns that mark the table and those of which required columns are made; further columns, and a
    lack of others, do no harm.

    Args:
        columns: The file's, as they stand in it.
        file_name: Without its folder; it only tells apart what the columns leave open.
    """
    presets = map(load_preset, preset_names())
    found = (_match(preset, table, set(columns), file_name) for preset in presets for table in preset.tables)
    return sorted((match for match in found if match), key=lambda match: -match.score)


def _match(preset: Preset, table: str, present: set[str], file_name: str) -> Match | None:
    marks, needed = set(preset.recognised_by[table]), _foreign_columns(preset.tables[table])
    lacking = tuple(ours for ours, theirs in needed.items() if theirs - present)
    if marks - present or contract.missing_columns(table, set(needed) - set(lacking)):
        return None
    wanted = marks.union(*needed.values())
    named = any(fnmatchcase(file_name.lower(), usual.lower()) for usual in preset.usual_files(table))
    return Match(preset.name, table, (len(wanted & present) + named) / (len(wanted) + 1), lacking)


def _foreign_columns(table: Mapping[str, Any]) -> dict[str, set[str]]:
    """Of each column of ours, the columns of the file that it is made from: not those of joined files."""
    joined = {join["as"] for join in table.get("join", ()) if "as" in join}
    return {ours: _of_the_file(_read(how), table, joined) for ours, how in table["columns"].items()}


def _of_the_file(names: Sequence[str], table: Mapping[str, Any], joined: set[str]) -> set[str]:
    if "pivot" in table:  # Its columns are the values of a column, which a header does not show.
        return set()
    return {head for head in (name.partition(".")[0] for name in names) if head not in joined}


def _read(how: Any) -> list[str]:
    names: Any = how.get("from", []) if isinstance(how, Mapping) else how
    return [names] if isinstance(names, str) else cast("list[str]", list(names))
