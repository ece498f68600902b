"""A row for each entry of the lists in a column, or of equally long ones in several."""

from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from recommender.data.parsing.cell_texts import unreadable
from recommender.data.parsing.cells import Cells
from recommender.data.parsing.json_texts import is_unreadable, structure
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.description.shape_settings import Explode
from recommender.data.sources.shaping.names import with_names

_Lists: TypeAlias = list[list[Any] | None]

_EMPTY: Final[list[Any]] = [None]


def exploded(frame: pd.DataFrame, how: Explode, missing: tuple[str, ...]) -> pd.DataFrame:
    """The rows, each as often as its list has entries, which stand in the place of the list.

    A row without entries stays, with an empty cell. Of a list that cannot be read, and of lists that are not equally
    long, the row stays with unreadable cells, for cleaning to report.
    """
    frame = with_names(frame, how.column, missing)
    lists = {name: _lists(present(frame[name], missing), how.separator) for name in how.column}
    counts = _counts([*lists.values()])
    entries = {name: _entries(frame[name], lists[name], counts) for name in how.column}
    owners = np.repeat(np.arange(len(frame)), np.abs(counts))
    kept = _told(entries, owners)
    rows = frame.iloc[owners[kept]].reset_index(drop=True)
    return rows.assign(**{name: cells[kept].reset_index(drop=True) for name, cells in entries.items()})


def _lists(cells: Cells, separator: str | None) -> _Lists:
    return [_list(cell, separator) for cell in cells]


def _list(cell: Any, separator: str | None) -> list[Any] | None:
    """The entries of a cell, of one that is no list itself; None where there are none."""
    text = cell.strip() if isinstance(cell, str) else None
    if text and text[0] not in "[{" and separator is None:
        return [text]
    found = structure(cell)
    if separator is not None and text and not isinstance(found, list):
        return [part.strip() or None for part in text.split(separator)]
    return (found or None) if isinstance(found, list) or found is None else [found]


def _counts(columns: list[_Lists]) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """int64[rows]: how many rows each one becomes, at least one; -1 for lists that are not equally long."""
    lengths = np.array([[0 if entries is None else len(entries) for entries in lists] for lists in columns], np.int64)
    longest = lengths.max(axis=0, initial=1)
    ragged = ((lengths != 0) & (lengths != longest)).any(axis=0)
    return np.where(ragged, -1, longest)


def _entries(cells: Cells, lists: _Lists, counts: "np.ndarray[Any, np.dtype[np.int64]]") -> Cells:
    """The entries of a column, one below the other."""
    found = (
        [cell if is_unreadable(cell) else unreadable(structure(cell))]
        if count < 0 and entries is not None
        else (entries or _EMPTY * count)
        if count > 0
        else _EMPTY
        for cell, entries, count in zip(cells, lists, counts.tolist(), strict=True)
    )
    return pd.Series([entry for entries in found for entry in entries], dtype=object)


def _told(entries: dict[str, Cells], owners: "np.ndarray[Any, np.dtype[np.int64]]") -> "np.ndarray[Any, Any]":
    """bool[entries]: which say something; where none of a row does, its first one stays."""
    says = np.zeros(len(owners), dtype=np.bool_)
    for cells in entries.values():
        says |= cells.notna().to_numpy()
    silent = np.bincount(owners[says], minlength=owners.max(initial=-1) + 1) == 0
    first = np.r_[True, owners[1:] != owners[:-1]] if len(owners) else says
    return says | (silent[owners] & first)
