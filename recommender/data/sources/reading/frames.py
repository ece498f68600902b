"""Rows of cells as frames of so many rows: what all readers that go through a file row by row give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import pandas as pd

ROWS: Final = 50_000
"""Of one frame."""


def frames_of(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The rows as frames of objects, at least one frame."""
    left = iter(rows)
    part = list(islice(left, ROWS))
    yield frame_of(part, columns)
    while part := list(islice(left, ROWS)):
        yield frame_of(part, columns)


def together(frames: Iterable[pd.DataFrame], first: int | None = None) -> pd.DataFrame:
    """All rows as one frame, or the ``first`` ones, for which no more frames are made than they need."""
    taken, rows = list[pd.DataFrame](), 0
    for frame in frames:
        taken.append(frame)
        rows += len(frame)
        if first is not None and rows >= first:
            break
    return pd.concat(taken, ignore_index=True).iloc[:first] if taken else pd.DataFrame()


def frame_of(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows of cells as one frame of objects."""
    return pd.DataFrame({name: pd.Series([row[at] for row in rows], dtype=object) for at, name in enumerate(columns)})


def frame_of_objects(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    """Objects as one frame of objects, None where one lacks a key."""
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})
