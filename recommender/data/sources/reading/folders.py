"""Tables that are folders: Parquet files (with parts named ``key=value``), Delta tables and Iceberg tables.

DuckDB would read them, too, but fetches what it needs for that from the network at first use.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pyarrow import dataset

from infrastructure.errors import DataError
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.frames import ROWS
from recommender.data.sources.reading.text_files import require_columns

_VERSIONS: Final = {"deltalake": ">=1.2,<2", "pyiceberg": ">=0.10,<1"}
"""Of the libraries that are installed by who needs them, as in the group ``lakes`` of pyproject.toml."""


def folder_frames(path: Path, columns: Sequence[str], _: TableSource) -> Iterator[pd.DataFrame]:
    """The ``columns`` of a table that is a folder, in the order of its files.

    Raises:
        DataError: The folder is no such table, it lacks a column, or what reads it is not installed.
    """
    names, batches = _kind_of(path)(path, columns)
    require_columns(str(path), columns, names)
    for batch in batches:
        # Whole numbers with gaps stay whole: as floats, long ids would lose digits.
        yield pa.Table.from_batches([batch]).select(list(columns)).to_pandas(integer_object_nulls=True)


def is_table(path: Path) -> bool:
    """Whether a folder is one table: of Delta or Iceberg, or Parquet files in parts named ``key=value``."""
    parts = (part for part in path.glob("*=*") if part.is_dir())
    return _kind_of(path) is not _parquet or any(any(part.rglob("*.parquet")) for part in parts)


_Parts = tuple[list[str], Iterator[pa.RecordBatch]]


def _kind_of(path: Path) -> Callable[[Path, Sequence[str]], _Parts]:
    if (path / "_delta_log").is_dir():
        return _delta
    return _iceberg if any((path / "metadata").glob("*.metadata.json")) else _parquet


def _parquet(path: Path, columns: Sequence[str]) -> _Parts:
    if not any(path.rglob("*.parquet")):
        raise DataError(
            "The folder holds no table.",
            where=str(path),
            field="file",
            expected="a folder of .parquet files, a Delta table (with _delta_log) or an Iceberg table (with metadata)",
        )
    rows = dataset.dataset(sorted(map(str, path.rglob("*.parquet"))), partitioning="hive", partition_base_dir=str(path))
    return list(rows.schema.names), _batches(rows, columns)


def _delta(path: Path, columns: Sequence[str]) -> _Parts:
    library = _module("deltalake", path)
    rows = _opened(lambda: library.DeltaTable(str(path)).to_pyarrow_dataset())
    return list(rows.schema.names), _batches(rows, columns)


def _iceberg(path: Path, columns: Sequence[str]) -> _Parts:
    newest = max((path / "metadata").glob("*.metadata.json"), key=lambda file: file.stat().st_mtime_ns)
    library = _module("pyiceberg.table", path)
    table = _opened(lambda: library.StaticTable.from_metadata(str(newest)))
    names = [field.name for field in table.schema().fields]
    there = tuple(name for name in columns if name in names)
    return names, iter(table.scan(selected_fields=there).to_arrow_batch_reader())


def _opened(open_table: Callable[[], Any]) -> Any:
    """What a library opens; its own kinds of errors as one that the readers know.

    Raises:
        ValueError: It cannot.
    """
    try:
        return open_table()
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _batches(rows: Any, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    there = [name for name in columns if name in rows.schema.names]
    yield from rows.to_batches(columns=there, batch_size=ROWS)


def _module(name: str, path: Path) -> Any:
    library = name.partition(".")[0]
    try:
        return import_module(name)
    except ImportError:
        raise DataError(
            f"Reading this table needs the library {library}, which is not installed.",
            where=str(path),
            field="file",
            expected=f"pip install '{library}{_VERSIONS[library]}', or the table exported as Parquet",
        ) from None
