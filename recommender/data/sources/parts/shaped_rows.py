"""The rows of a foreign table filled down, exploded, unpacked and joined part by part, and kept in a file."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from infrastructure.errors import DataError
from infrastructure.progress import steps
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.parts.cell_codec import UnkeptCellError
from recommender.data.sources.parts.foreign_rows import ForeignRows, SpooledObjects
from recommender.data.sources.shaping.columns_needed import asked_names
from recommender.data.sources.shaping.shape import Shaper

KEYS: Final = frozenset({"fill_down", "explode", "unpack", "join"})
"""What a source may say of a table so that its parts can be shaped as they come."""


def is_shaped(source: TableSource) -> bool:
    """Whether a table says one of these, or a name that may mean something within a column."""
    return bool(source.model_fields_set & KEYS) or any("." in name for name in asked_names(source))


def can_be_shaped(source: TableSource) -> bool:
    """Whether that is done in parts, as times of a condition are not: the whole column tells them."""
    return bool(source.files) and not any(how.is_of_times for how in source.where.values())


def shaped_rows(foreign: ForeignRows, shaper: Shaper, columns: Sequence[str], folder: Path) -> ForeignRows | None:
    """The rows in the shape of ours.

    Args:
        foreign: All rows as they stand in the file.
        shaper: Of the table; it counts the rows that are left out.
        columns: Those of the file that are needed.
        folder: A folder to make.

    Returns:
        The rows; None where the whole table tells what types its columns have, or that it must be refused.
    """
    types = list["pd.Series[Any]"]()
    try:
        found = SpooledObjects(_shaped(foreign, shaper, columns, types), folder)
    except (DataError, UnkeptCellError):
        return None
    return found if all(other.equals(types[0]) for other in types) else None


def _shaped(
    foreign: ForeignRows, shaper: Shaper, columns: Sequence[str], types: "list[pd.Series[Any]]"
) -> Iterator[pd.DataFrame]:
    """The parts that have rows; their columns' types are added to ``types``."""
    with steps(f"rows of {shaper.source.place} shaped", foreign.rows, "rows") as progress:
        for rows in shaper.parts(_frames(foreign, columns, progress.advance)):
            if len(rows):
                types.append(rows.dtypes)
                yield rows.reset_index(drop=True)


def _frames(foreign: ForeignRows, columns: Sequence[str], advance: Callable[[int], None]) -> Iterator[pd.DataFrame]:
    for part in foreign.parts():
        yield part.frame(columns)
        advance(len(part))
