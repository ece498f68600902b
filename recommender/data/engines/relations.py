"""Opens the engine that the settings name, and brings tables in and out of it with the contract's types."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.config.preparation import ComputeSettings
from recommender.contract.arrow import arrow_schema, as_arrow, clean_columns
from recommender.contract.fields import CONTRACT
from recommender.contract.tables import Tables
from recommender.data.engines.backend import Backend, with_row_numbers
from recommender.data.engines.duckdb import DuckDbBackend
from recommender.data.raw_tables import as_stored


@contextmanager
def open_backend(settings: ComputeSettings | None = None) -> Generator[Backend]:
    """The backend that the settings name (DuckDB without any); what it materialised is removed after the block."""
    settings = settings or ComputeSettings()
    with TemporaryDirectory(prefix="relations-") as folder:
        if settings.engine == "spark":
            # PySpark is optional, and slow to import.
            from recommender.data.engines.spark import SparkBackend

            yield SparkBackend(Path(folder))
            return
        backend = DuckDbBackend(Path(folder), settings.memory_megabytes)
        try:
            yield backend
        finally:
            backend.close()


def relations(tables: Tables, backend: Backend) -> dict[str, Any]:
    """Clean tables of the contract as relations, by name: what customers do, not what guests bought."""
    there = ((name, frame) for name, frame in tables if name in CONTRACT)
    return {name: backend.from_arrow(with_row_numbers(as_arrow(name, frame))) for name, frame in there}


def stored_relations(folder: Path, backend: Backend) -> dict[str, Any]:
    """The tables that ``Tables.write`` wrote as relations, by name."""
    return {name: _typed(name, rows) for name, rows in stored_raw_relations(folder, backend).items()}


def raw_relations(tables: Mapping[str, pd.DataFrame], backend: Backend) -> dict[str, Any]:
    """Raw tables as relations, by name: one type a column, of whichever kind."""
    return {name: backend.from_arrow(with_row_numbers(as_stored(name, frame))) for name, frame in tables.items()}


def stored_raw_relations(folder: Path, backend: Backend) -> dict[str, Any]:
    """The tables in a folder as relations with the types that are stored, by name."""
    files = {name: folder / f"{name}.parquet" for name in CONTRACT}
    return {name: backend.read(file) for name, file in files.items() if file.is_file()}


def write_batches(batches: Iterable[pa.RecordBatch], file: Path, schema: pa.Schema) -> int:
    """Write a Parquet file with the columns and types of ``schema``; returns how many rows it has."""
    count = 0
    with pq.ParquetWriter(file, schema) as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, batch.schema.names).cast(schema))
            count += batch.num_rows
    return count


def _typed(name: str, rows: ibis.Table) -> ibis.Table:
    """``rows`` with the contract's types: a file knows no type for a column without any value."""
    wanted = ibis.Schema.from_pyarrow(arrow_schema(name, clean_columns(name, rows.columns)))
    empty = [column for column, kind in wanted.items() if kind.is_array() and not rows[column].type().is_array()]
    return rows.mutate(**{column: ibis.null(wanted[column]) for column in empty}).cast(wanted)
