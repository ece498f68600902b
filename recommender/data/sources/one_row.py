"""One row for all rows that share an id: the most frequent, its gaps filled by the others, avoidances added up."""

from typing import Any

import pandas as pd

from recommender.contract.fields import ADDED_UP


def one_row_per(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Of the rows that share a value of ``column`` the most frequent, of equally frequent ones the last.

    A cell that it lacks is taken from the next row in this order that has one. Of lists that add up each entry of
    each row counts.
    """
    different = _by_frequency(frame)
    groups = different.assign(_place=different.index).groupby(column, sort=False, dropna=False)
    # ``last`` passes over missing cells, column by column.
    found: Any = groups.last().reset_index()
    for name in (name for name in ADDED_UP if name in frame and name != column):
        found[name] = _added_up(frame, column, name).reindex(found[column]).to_numpy()
    return found.sort_values("_place")[[*frame]].reset_index(drop=True)


def _by_frequency(frame: pd.DataFrame) -> pd.DataFrame:
    """The different rows, the most frequent last, of equally frequent ones in their order; without blank texts."""
    as_texts = frame.astype(str)
    frequency = as_texts.groupby(list(as_texts), sort=False)[as_texts.columns[0]].transform("size")
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
