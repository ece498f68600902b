"""Parses cells of any type with pandas; a cell that cannot be parsed is missing.

This defines what a cell means; ``recommender.data.cleaning.typed_tables`` lets an engine parse what it parses alike.
"""

import html
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.fields import Field, Kind
from recommender.contract.identifiers import id_fault, normalised_id, usable_id
from recommender.data.parsing.cell_texts import EXACT, UNREADABLE
from recommender.data.parsing.cells import Cells, as_ids, as_lists, as_stripped_text, as_text, is_unreadable_list
from recommender.data.parsing.compositions import composition
from recommender.data.parsing.numbers import read_numbers
from recommender.data.parsing.stock import as_pieces

CODES: Final = (c.SKIN_TYPE, c.TYPE)
"""Columns whose values are names from a list, compared without regard to case."""

# Any: pandas takes these, its type stubs do not.
_UTC: Final[Any] = "datetime64[us, UTC]"
_NOTHING: Final[Any] = None
_NUMERIC: Final = ("integer", "floating", "mixed-integer-float", "decimal", "boolean")
_DATE: Final = r"\d{4}-\d{1,2}-\d{1,2}"
_OFFSET: Final = r"(?:Z|[+-]\d{2}:?\d{2})$"


def parse_cells(field: Field, cells: Cells) -> Cells:
    """Cells with the type of ``field``, missing where they hold something else."""
    if field.name == c.INGREDIENTS:
        return _compositions(cells)
    if field.name == c.AVOIDED_INGREDIENTS:
        return _avoidances(cells)
    if field.name == c.STOCK and pd.api.types.infer_dtype(cells, skipna=True) not in _NUMERIC:
        cells = as_pieces(as_stripped_text(cells))
    found = _CONVERSIONS[field.kind](cells)
    return found.str.lower() if field.name in CODES and found.notna().any() else found


def are_no_ids(cells: Cells) -> list[bool]:
    """Which cells hold something that cannot be an id; a blank one holds nothing."""
    texts = as_ids(cells).fillna("").map(normalised_id)
    return [bool(text and (UNREADABLE in text or id_fault(text))) for text in texts]


def id_keys(cells: Cells) -> Cells:
    """Each id as ``recommender.contract.identifiers`` has it, whatever type and spelling the source gave it.

    A column of numbers, one of texts and the collector's events then say the same; None where an id is missing.
    """
    keys = as_text(cells).map(normalised_id, na_action="ignore").astype(object)
    return keys.where(keys.notna() & (keys != ""), None)  # pyright: ignore[reportArgumentType]


def _identifiers(cells: Cells) -> Cells:
    """Ids as texts, as ``recommender.contract.identifiers`` has them."""
    return _readable(as_ids(cells)).map(usable_id, na_action="ignore").astype(object)


def _texts(cells: Cells) -> Cells:
    texts = _readable(as_stripped_text(cells))
    return texts.map(html.unescape, na_action="ignore")


def _readable(texts: Cells) -> Cells:
    """Texts without those of cells that cannot be read."""
    return texts.mask(texts.map(lambda text: UNREADABLE in text, na_action="ignore").eq(True), None)


def _lists(cells: Cells) -> Cells:
    """Lists of texts, without those of cells that cannot be read."""
    lists = as_lists(cells)
    return lists.mask(lists.map(is_unreadable_list, na_action="ignore").eq(True), None)


def _avoidances(cells: Cells) -> Cells:
    """All that can be read of what somebody avoids: an entry that cannot be takes no other away."""
    lists = as_lists(cells)
    found = lists.map(lambda texts: [text for text in texts if UNREADABLE not in text], na_action="ignore")
    unread = lists.map(is_unreadable_list, na_action="ignore").eq(True)
    return found.mask(unread & (found.map(len, na_action="ignore") == 0), None)


def _numbers(cells: Cells) -> Cells:
    """Finite numbers. A time is not a number: its unit would not be known."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return pd.Series(float("nan"), index=cells.index)
    if pd.api.types.infer_dtype(cells, skipna=True) in _NUMERIC:
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    else:
        numbers = read_numbers(as_stripped_text(cells))
    return numbers.where(numbers.abs() != float("inf"))


def _counts(cells: Cells) -> Cells:
    numbers = _numbers(cells)
    whole = (numbers % 1 == 0) & (numbers.abs() < EXACT)
    return numbers.where(whole).astype("Int64")


def _times(cells: Cells) -> Cells:
    """Times in UTC; those without an offset are read as UTC. A number is not a time: its unit is not known."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        times = pd.to_datetime(cells, utc=True)
    elif pd.api.types.is_numeric_dtype(cells.dtype):
        times = pd.Series(pd.NaT, index=cells.index, dtype=_UTC)
    else:
        times = iso_times(as_stripped_text(cells))
    return times.astype(_UTC)


def iso_times(texts: Cells) -> Cells:
    """ISO 8601 texts as times; with and without offset apart, as pandas applies one row's offset to the next."""
    if texts.isna().all():
        return pd.Series(pd.NaT, index=texts.index, dtype=_UTC)
    dates = texts.where(texts.str.match(_DATE, na=False))
    offset = dates.str.contains(_OFFSET, na=False)
    options: dict[str, Any] = {"format": "ISO8601", "utc": True, "errors": "coerce"}
    read = pd.to_datetime(dates.where(~offset), **options).fillna(pd.to_datetime(dates.where(offset), **options))
    return read.astype(_UTC)


def _compositions(cells: Cells) -> Cells:
    """Names on labels; missing where the cell holds something else."""
    lists = _lists(cells)
    return lists.map(composition, na_action="ignore").astype(object).where(lists.notna(), _NOTHING)


_CONVERSIONS: Final[dict[Kind, Callable[[Cells], Cells]]] = {
    Kind.IDENTIFIER: _identifiers,
    Kind.TEXT: _texts,
    Kind.TEXTS: _lists,
    Kind.NUMBER: _numbers,
    Kind.COUNT: _counts,
    Kind.TIME: _times,
}
