"""One row for all rows that share an id: the most frequent, its gaps filled by the others, avoidances added up."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from recommender.contract.fields import ADDED_UP


@dataclass(frozen=True)
class Repeats:
    """Where each row of a frame stood among all rows, of which it has those that differ, in the order of ``last``.

    Attributes:
        count: How often.
        first: The place where it stood first.
    """

    count: "pd.Series[Any]"
    first: "pd.Series[Any]"


def one_row_per(frame: pd.DataFrame, column: str, repeats: Repeats | None = None) -> pd.DataFrame:
    """Of the rows that share a value of ``column`` the most frequent, of equally frequent ones the last.

    A cell that it lacks is taken from the next row in this order that has one. Of lists that add up each entry of
    each row counts.

    Args:
        frame: All rows, or those that differ, by where they stood last.
        column: The one whose values are there once afterwards.
        repeats: Where these stood; None where all rows are given.
    """
    different = _by_frequency(frame, pd.Series(1, index=frame.index) if repeats is None else repeats.count)
    as_they_came = frame if repeats is None else frame.loc[repeats.first.sort_values().index]
    groups = different.assign(_place=different.index).groupby(column, sort=False, dropna=False)
    # ``last`` passes over missing cells, column by column.
    found: Any = groups.last().reset_index()
    for name in (name for name in ADDED_UP if name in frame and name != column):
        found[name] = _added_up(as_they_came, column, name).reindex(found[column]).to_numpy()
    return found.sort_values("_place")[[*frame]].reset_index(drop=True)


def _by_frequency(frame: pd.DataFrame, count: "pd.Series[Any]") -> pd.DataFrame:
    """The different rows, the most frequent last, of equally frequent ones in their order; without blank texts."""
    as_texts = frame.astype(str)
    frequency = count.groupby([as_texts[name] for name in as_texts], sort=False).transform("sum")
    last = frame[~as_texts.duplicated(keep="last")]
    ordered = last.loc[frequency[last.index].sort_values(kind="stable").index]
    return ordered.assign(**{name: ordered[name].mask(ordered[name].map(_is_blank)) for name in _texts(ordered)})


def _texts(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame if frame[name].dtype == object]


def _is_blank(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _added_up(frame: pd.DataFrame, column: str, name: str) -> "pd.Series[Any]":
    """The entries of each group's lists, in the order of the rows; missing where no row has a list."""
    lists = frame.loc[frame[name].notna(), [column, name]]
    return lists.groupby(column, sort=False, dropna=False)[name].agg(
        lambda cells: list(dict.fromkeys(entry for cell in cells for entry in cell))
    )
