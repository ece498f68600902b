"""Ingest: reads every table that a source file names, as raw tables under our column names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from infrastructure.errors import DataError
from infrastructure.progress import timed
from recommender.data.provenance import Origin
from recommender.data.raw_tables import RawTables, storable
from recommender.data.sources import increments
from recommender.data.sources.api import read_api
from recommender.data.sources.description.source import Source
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import read_file
from recommender.data.sources.mapping import map_columns
from recommender.data.sources.remote_files import is_remote, local_copy
from recommender.data.sources.sql import read_sql
from recommender.data.sources.text_files import require_columns
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate


def ingest(source: Path, store: Path | None = None) -> RawTables:
    """Read the data set that the YAML file ``source`` describes.

    Tables with a cursor are stored in the folder ``store``, so that only new rows are read; without it everything is.

    Raises:
        ConfigError: The YAML file is missing or wrong, or the environment lacks what it names.
        DataError: A file, database or API of the data set is missing, malformed or empty, or lacks a column.
    """
    described = Source.load(source)
    if described.synthetic is not None:
        return RawTables(described.name, _generated(described.synthetic))
    tables = described.tables.present()
    return RawTables(
        name=described.name,
        tables={name: read_table(name, table, source.parent, store) for name, table in tables.items()},
        origins={name: _origin(table, source.parent) for name, table in tables.items()},
    )


def _generated(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    with timed("synthetic shop generated") as figures:
        tables = {name: storable(name, table) for name, table in generate(settings).items()}
        figures["rows"] = sum(map(len, tables.values()))
    return tables


def _origin(table: TableSource, folder: Path) -> Origin:
    columns = {ours: ", ".join(how.read) for ours, how in table.columns.items() if how.read}
    local = table.file is not None and not is_remote(table.file)
    return Origin(str(folder / str(table.file)) if local else table.place, columns)


def read_table(table: str, source: TableSource, folder: Path, store: Path | None) -> pd.DataFrame:
    """The rows of a table under our column names; reports their number and the time.

    A file's path is relative to ``folder``; tables with a cursor are stored in ``store`` between ingests, and without
    it all is read again.

    Raises:
        ConfigError: The environment lacks what the source names.
        DataError: The rows cannot be read; what is stored stays as it was.
    """
    with timed(f"{table} read") as figures:
        if source.file is None:
            rows = _from_remote(table, source, store)
        else:
            with local_copy(source.file, folder) as path:
                rows = storable(table, map_columns(read_file(path, _theirs(source), source), table, source))
        figures["rows"] = len(rows)
    return rows


def _from_remote(table: str, source: TableSource, store: Path | None) -> pd.DataFrame:
    """All rows of a database or API; with a cursor and a store, those stored with the new ones."""
    earlier = increments.load_earlier(store, table, source) if store is not None and source.cursor else None
    theirs = _new_rows(source, None if earlier is None else earlier.cursor)
    if theirs.empty:
        if earlier is not None:
            return earlier.rows
        raise DataError("The table has no rows.", where=source.place, expected="at least one row")
    wanted = [*_theirs(source), *([source.cursor] if source.cursor else [])]
    require_columns(source.place, wanted, [str(name) for name in theirs])
    ours = storable(table, map_columns(theirs, table, source))
    if store is None or source.cursor is None:
        return ours
    rows = increments.merge_rows(table, ours.head(0) if earlier is None else earlier.rows, ours, source.identity(table))
    cursor = increments.greatest_cursor(theirs[source.cursor], None if earlier is None else earlier.cursor)
    increments.save_earlier(store, table, source, increments.EarlierRows(rows, cursor))
    return rows


def _new_rows(source: TableSource, since: Any) -> pd.DataFrame:
    if source.sql is not None:
        return read_sql(source.sql, since)
    assert source.api is not None, "a table is in a file, a database or an API"  # noqa: S101 (TableSource sees to it)
    return read_api(source.api, since)


def _theirs(source: TableSource) -> Sequence[str]:
    """The foreign columns that are mapped, each once."""
    return list(dict.fromkeys(column for how in source.columns.values() for column in how.read))
