"""Ingest into a folder: every table that a source file names, without holding any of them as a whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.errors import DataError
from infrastructure.files import replace_folder
from infrastructure.progress import timed
from recommender.data.provenance import Origin, Provenance
from recommender.data.raw_tables import as_stored, storable, write_about
from recommender.data.sources.description.source import Source
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.ingest import foreign_columns, ingest, origin_of, read_table
from recommender.data.sources.mapping import map_columns
from recommender.data.sources.parts.different_rows import CountedColumns, different_rows
from recommender.data.sources.parts.foreign_rows import ForeignRows, whole_frame
from recommender.data.sources.parts.opening import is_row_by_row, needs_different_rows_only, opened_rows
from recommender.data.sources.parts.table import write_in_parts
from recommender.data.sources.parts.wanted_rows import WantedRows
from recommender.data.sources.shaping.one_row import one_row_per
from recommender.data.sources.shaping.shape import Shaper


def ingest_folder(source: Path, folder: Path, store: Path | None = None) -> str:
    """Read the data set that the YAML file ``source`` describes into ``folder``, as ``RawTables.write`` would.

    Memory does not grow with the rows of a table that can be mapped row by row; others are held as a whole.

    Args:
        source: The YAML file.
        folder: Appears whole or not at all; :meth:`~recommender.data.raw_tables.RawTables.read` reads it.
        store: Folder in which tables with a cursor are stored, so that only new rows are read.

    Returns:
        The data set's name.

    Raises:
        ConfigError: The YAML file is missing or wrong, or the environment lacks what it names.
        DataError: A file, database or API of the data set is missing, malformed or empty, or lacks a column.
    """
    described = Source.load(source)
    if described.synthetic is not None:
        raw = ingest(source)
        raw.write(folder)
        return raw.name
    tables = described.tables.present()
    with replace_folder(folder) as partial:
        origins = {
            name: write_table(name, table, source.parent, store, partial / f"{name}.parquet")
            for name, table in tables.items()
        }
        write_about(partial, Provenance(described.name, origins))
    return described.name


def write_table(name: str, table: TableSource, folder: Path, store: Path | None, target: Path) -> Origin:
    """Read one table into a Parquet file, with the cells that :func:`~.ingest.read_table` gives.

    Returns:
        Where it came from.

    Raises:
        ConfigError: The environment lacks what the source names.
        DataError: The rows cannot be read.
    """
    shaper = Shaper(table, folder)
    if not is_row_by_row(table) and not needs_different_rows_only(table, name):
        return _write_whole(name, shaper, store, target)
    columns = foreign_columns(table)
    with opened_rows(shaper, target.parent) as foreign:
        if foreign is None:
            return _write_whole(name, Shaper(table, folder), store, target)
        with timed(f"{name} read", rows=foreign.rows):
            if table.one_row_per is not None or not _in_parts(foreign, name, table, target):
                rows = storable(name, _mapped(foreign, columns, name, table))
                pq.write_table(as_stored(name, rows), target)
        if isinstance(foreign, WantedRows):
            foreign.tell()
            return replace(origin_of(shaper), left_out=foreign.left_out)
    return origin_of(shaper)


def _write_whole(name: str, shaper: Shaper, store: Path | None, target: Path) -> Origin:
    pq.write_table(as_stored(name, read_table(name, shaper, store)), target)
    return origin_of(shaper)


def _mapped(foreign: ForeignRows, columns: Sequence[str], name: str, table: TableSource) -> pd.DataFrame:
    """The whole table, of which only the rows that differ are held where these are enough."""
    found = _one_row_per(foreign, columns, name, table) if table.one_row_per is not None else None
    return map_columns(whole_frame(foreign, columns), name, table) if found is None else found


def _one_row_per(foreign: ForeignRows, columns: Sequence[str], name: str, table: TableSource) -> pd.DataFrame | None:
    """One row for each id, from the rows that differ; None where all rows have to tell, or may be refused."""
    found = different_rows(foreign, columns)
    if found is None or table.one_row_per is None:
        return None
    theirs, repeats = found
    several = table.model_copy(update={"one_row_per": None})
    try:
        ours = map_columns(theirs, name, several, CountedColumns(repeats))
    except DataError:
        return None
    return one_row_per(ours, table.one_row_per, repeats)


def _in_parts(foreign: ForeignRows, name: str, table: TableSource, target: Path) -> bool:
    try:
        return write_in_parts(foreign, name, table, target)
    except (pa.ArrowException, DataError):
        # Reading it whole tells what is wrong with it, if anything is.
        return False
