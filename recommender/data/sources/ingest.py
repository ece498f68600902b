"""Ingest: reads every table that a source file names, as raw tables under our column names."""

from pathlib import Path

import pandas as pd

from infrastructure.errors import DataError
from infrastructure.progress import timed
from recommender.data.provenance import Origin
from recommender.data.raw_tables import RawTables, storable
from recommender.data.sources import increments
from recommender.data.sources.connectors.remote_files import is_remote
from recommender.data.sources.description.source import Source
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.mapping import map_columns
from recommender.data.sources.reading.text_files import require_columns
from recommender.data.sources.shaping.columns_needed import columns_needed
from recommender.data.sources.shaping.foreign_rows import remote_rows, rows_of_file
from recommender.data.sources.shaping.shape import Shaper
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate


def ingest(source: Path, store: Path | None = None, *, first: int | None = None) -> RawTables:
    """Read the data set that the YAML file ``source`` describes.

    Args:
        source: The YAML file.
        store: Folder in which tables with a cursor are stored, so that only new rows are read; without it everything
            is.
        first: So many rows of each table are read, and no more of a file, query or API than they need; nothing is
            stored then. What is decided by a whole column (such as the length at which labels were cut) is decided by
            these rows.

    Raises:
        ConfigError: The YAML file is missing or wrong, or the environment lacks what it names.
        DataError: A file, database or API of the data set is missing, malformed or empty, or lacks a column.
    """
    described = Source.load(source)
    if described.synthetic is not None:
        tables = _generated(described.synthetic)
        return RawTables(
            described.name, {name: table.head(first) for name, table in tables.items()} if first else tables
        )
    shapers = {name: Shaper(table, source.parent) for name, table in described.tables.present().items()}
    return RawTables(
        name=described.name,
        tables={name: read_table(name, shaper, store, first) for name, shaper in shapers.items()},
        origins={name: origin_of(shaper) for name, shaper in shapers.items()},
    )


def _generated(settings: SyntheticSettings) -> dict[str, pd.DataFrame]:
    with timed("synthetic shop generated") as figures:
        tables = {name: storable(name, table) for name, table in generate(settings).items()}
        figures["rows"] = sum(map(len, tables.values()))
    return tables


def origin_of(shaper: Shaper) -> Origin:
    """Where a table came from, once it is read."""
    table = shaper.source
    columns = {ours: ", ".join(how.read) for ours, how in table.columns.items() if how.read}
    local = table.files and not any(map(is_remote, table.files))
    place = ", ".join(str(shaper.folder / name) for name in table.files) if local else table.place
    return Origin(place, columns, shaper.left_out)


def read_table(table: str, shaper: Shaper, store: Path | None, first: int | None = None) -> pd.DataFrame:
    """The rows of a table under our column names; reports their number and the time.

    Tables with a cursor are stored in ``store`` between ingests, and without it all is read again. With ``first`` only
    so many rows are read, and none are stored.

    Raises:
        ConfigError: The environment lacks what the source names.
        DataError: The rows cannot be read; what is stored stays as it was.
    """
    source = shaper.source
    with timed(f"{table} read") as figures:
        if not source.files:
            rows = _from_remote(table, shaper, None if first else store, first)
        else:
            theirs = shaper.whole(rows_of_file(source, shaper.folder, first=first), more=first is not None)
            rows = storable(table, map_columns(theirs, table, source))
        figures["rows"] = len(rows)
    return rows


def _from_remote(table: str, shaper: Shaper, store: Path | None, first: int | None) -> pd.DataFrame:
    """All rows of a database or API; with a cursor and a store, those stored with the new ones."""
    source = shaper.source
    earlier = increments.load_earlier(store, table, source) if store is not None and source.cursor else None
    theirs = remote_rows(source, None if earlier is None else earlier.cursor, first)
    if theirs.empty:
        if earlier is not None:
            return earlier.rows
        raise DataError("The table has no rows.", where=source.place, expected="at least one row")
    there = [str(name) for name in theirs]
    require_columns(source.place, [*columns_needed(source, there), *([source.cursor] if source.cursor else [])], there)
    some = earlier is not None or first is not None
    ours = storable(table, map_columns(shaper.whole(theirs, more=some), table, source))
    if store is None or source.cursor is None:
        return ours
    key = source.identity(table)
    rows = increments.merge_rows(table, _still_wanted(table, shaper, earlier, ours), ours, key)
    cursor = increments.greatest_cursor(theirs[source.cursor], None if earlier is None else earlier.cursor)
    increments.save_earlier(store, table, source, increments.EarlierRows(rows, cursor))
    return rows


def _still_wanted(
    table: str, shaper: Shaper, earlier: increments.EarlierRows | None, ours: pd.DataFrame
) -> pd.DataFrame:
    """The rows of earlier ingests, without those that have come anew and that ``where`` leaves out now."""
    if earlier is None:
        return ours.head(0)
    if shaper.refused is None:
        return earlier.rows
    source, key = shaper.source, shaper.source.identity(table)
    names = source.model_copy(update={"columns": {name: source.columns[name] for name in key}})
    return increments.without_rows(table, earlier.rows, map_columns(shaper.refused, table, names), key)


def foreign_columns(source: TableSource) -> list[str]:
    """The foreign columns that mapping needs, each once."""
    mapped = (column for how in source.columns.values() for column in how.needed)
    return list(dict.fromkeys((*mapped, *source.returned)))
