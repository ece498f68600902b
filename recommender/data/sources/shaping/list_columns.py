"""Foreign columns that become lists of ours, such as ingredients: several rows of one thing add up.

A table may have a row for each ingredient of a product. If the last one stood for all, a customer could be shown what
they avoid.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import pandas as pd

from recommender.contract.fields import CONTRACT, Kind
from recommender.data.parsing.cells import Cells, as_lists
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.table_source import TableSource

_LISTS: Final = frozenset(field.name for fields in CONTRACT.values() for field in fields if field.kind is Kind.TEXTS)

ListColumns = Mapping[str, ColumnSource]
"""Foreign names that become lists, and how."""


def list_columns(source: TableSource) -> dict[str, ColumnSource]:
    """The foreign names of a table that become lists."""
    return {name: how for ours, how in source.columns.items() if ours in _LISTS for name in how.read}


def added_up(cells: Cells, keys: Cells, how: ColumnSource | None) -> Cells:
    """One cell for each different key, in its index: that of its only row, or a list of the entries of all rows.

    ``how`` says what is between the entries of a text; without it each line is one.
    """
    several = keys.duplicated(keep=False).to_numpy()
    alone = pd.Series(cells[~several].to_numpy(dtype=object), index=pd.Index(keys[~several], dtype=object))
    literal, separator = (how.literal, how.separator) if how is not None else (False, None)
    lists = as_lists(cells[several], literal=literal, separator=separator)
    return pd.concat([alone, lists.groupby(keys[several].to_numpy(), sort=False).agg(_together)])


def _together(lists: Iterable[Any]) -> list[str] | None:
    """The entries of all lists, each once; None where all are missing."""
    there = [cast("list[str]", entries) for entries in lists if entries is not None]
    return list(dict.fromkeys(entry for entries in there for entry in entries)) if there else None
