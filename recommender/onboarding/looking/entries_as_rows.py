"""Tables within tables: rows whose cells hold lists of objects, such as the lines of an order, as a row for each."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from recommender.data.parsing.json_texts import structure
from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.looking.records import as_frame
from recommender.onboarding.profiling.entries import listed

_LOOKED_AT: Final = 200
_MOST: Final = 60_000


def with_entries(tables: Iterable[FoundTable]) -> Iterator[FoundTable]:
    """The tables, and behind each one for every column of lists of objects: its rows with an entry of the list each."""
    for table in tables:
        yield table
        for column in table.columns:
            if table.database is None and _holds_objects(table.sample[column].dropna().head(_LOOKED_AT).tolist()):
                yield _exploded(table, column)


def _holds_objects(cells: list[Any]) -> bool:
    found = listed([*map(structure, cells)]) if cells else None
    return found is not None and found.objects


def _exploded(table: FoundTable, column: str) -> FoundTable:
    lists = table.sample[column].map(structure)
    rows = table.sample.assign(**{column: lists}).explode(column).head(_MOST)
    rows = rows[rows[column].map(lambda entry: isinstance(entry, dict))]
    inner, _ = as_frame(rows[column].tolist())
    inner.columns = pd.Index([f"{column}.{key}" for key in inner])
    sample = pd.concat([rows.drop(columns=column).reset_index(drop=True), inner], axis=1)
    return replace(
        table,
        name=f"{table.name}, entries of {column}",
        reading={**table.reading, "explode": {"column": column}},
        sample=sample,
        rows=len(sample) if table.whole else None,
        evidence={**table.evidence, "explode": "its cells are lists of objects; each becomes a row"},
    )
