"""The rows of one table from wherever it is: a file, a database or a web API."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from infrastructure.errors import DataError
from recommender.data.raw_tables import storable
from recommender.data.sources import increments
from recommender.data.sources.api import read_api
from recommender.data.sources.files import read_file, see_columns
from recommender.data.sources.mapping import mapped
from recommender.data.sources.remote_files import at_hand
from recommender.data.sources.source import TableSource
from recommender.data.sources.sql import read_sql


def fetch(table: str, source: TableSource, folder: Path, store: Path | None) -> pd.DataFrame:
    """The rows of a table under our column names.

    Args:
        table: Its name.
        source: Where it is.
        folder: What a file's path is relative to.
        store: Folder in which tables with a cursor are kept between ingests; without it all is read anew.

    Raises:
        ConfigError: The environment lacks what the source names.
        DataError: The rows cannot be read; what is kept stays as it was.
    """
    if source.file is not None:
        with at_hand(source.file, folder) as path:
            return storable(table, mapped(read_file(path, _theirs(source), source), table, source))
    kept = increments.load(store, table, source) if store is not None and source.cursor else None
    theirs = _asked(source, None if kept is None else kept.cursor)
    if theirs.empty:
        if kept is not None:
            return kept.rows
        raise DataError("The table has no rows.", where=source.place, expected="at least one row")
    wanted = [*_theirs(source), *([source.cursor] if source.cursor else [])]
    see_columns(source.place, wanted, [str(name) for name in theirs])
    ours = storable(table, mapped(theirs, table, source))
    if store is None or source.cursor is None:
        return ours
    rows = increments.merged(table, ours.head(0) if kept is None else kept.rows, ours, source.identity(table))
    cursor = increments.greatest(theirs[source.cursor], None if kept is None else kept.cursor)
    increments.save(store, table, source, increments.Kept(rows, cursor))
    return rows


def _asked(source: TableSource, since: Any) -> pd.DataFrame:
    if source.sql is not None:
        return read_sql(source.sql, since)
    assert source.api is not None, "a table is in a file, a database or an API"  # noqa: S101 (TableSource sees to it)
    return read_api(source.api, since)


def _theirs(source: TableSource) -> Sequence[str]:
    """Their columns that are mapped, each once."""
    return list(dict.fromkeys(column for how in source.columns.values() for column in how.read))
