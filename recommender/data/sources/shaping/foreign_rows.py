"""The rows of a foreign table as they stand in its file, database or web API."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from infrastructure.errors import DataError
from recommender.data.sources.connectors.api import read_api
from recommender.data.sources.connectors.several_files import local_files
from recommender.data.sources.connectors.sql import read_sql
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import file_columns, read_files
from recommender.data.sources.reading.text_files import require_columns
from recommender.data.sources.shaping.columns_needed import columns_needed, columns_to_read


def rows_of_file(
    source: TableSource, folder: Path, asked: Sequence[str] = (), hoped: Sequence[str] = (), first: int | None = None
) -> pd.DataFrame:
    """The columns of a file that are needed; arguments and errors are as of :func:`foreign_rows`."""
    with local_files(source.files, folder) as paths:
        return read_files(paths, columns_to_read(paths[0], source, asked, hoped), source, first)


def names_in_file(source: TableSource, folder: Path) -> list[str]:
    """The names of a file's columns, of several files those of the first; none of another table's."""
    if not source.files:
        return []
    with local_files(source.files, folder) as paths:
        return file_columns(paths[0], source)


def remote_rows(source: TableSource, since: Any = None, first: int | None = None) -> pd.DataFrame:
    """All columns of the rows of a database or API, from the cursor ``since`` on, or the ``first`` of them."""
    if source.sql is not None:
        return read_sql(source.sql, since, first)
    assert source.api is not None, "a table is in a file, a database or an API"  # noqa: S101 (TableSource sees to it)
    return read_api(source.api, since, first)


def foreign_rows(source: TableSource, folder: Path, asked: Sequence[str], hoped: Sequence[str]) -> pd.DataFrame:
    """All rows of a table, with the columns for what it maps itself, the names ``asked`` for, and of ``hoped`` what is.

    Raises:
        ConfigError: The environment lacks what the source names.
        DataError: The table cannot be read, lacks a column or has no rows.
    """
    if source.files:
        return rows_of_file(source, folder, asked, hoped)
    theirs = remote_rows(source)
    if theirs.empty:
        raise DataError("The table has no rows.", where=source.place, expected="at least one row")
    there = [str(name) for name in theirs]
    require_columns(source.place, columns_needed(source, there, asked, hoped), there)
    return theirs
