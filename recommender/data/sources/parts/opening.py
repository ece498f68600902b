"""Opens a foreign table so that it can be read part by part, where its format and its description allow that."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from infrastructure.errors import DataError
from infrastructure.progress import Steps, steps
from recommender.contract import columns as c
from recommender.contract.fields import PRICES, Kind, fields_of
from recommender.data.sources.connectors.api import read_entries
from recommender.data.sources.connectors.several_files import local_files
from recommender.data.sources.connectors.sql import read_sql_in_parts
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.row_condition import RowCondition
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import UNREADABLE, json_rows
from recommender.data.sources.parts.cell_codec import UnkeptCellError
from recommender.data.sources.parts.foreign_rows import ROWS, ForeignRows, ParquetRows, SpooledObjects, SpooledTexts
from recommender.data.sources.parts.shaped_rows import KEYS, can_be_shaped, is_shaped, shaped_rows
from recommender.data.sources.parts.wanted_rows import WantedRows
from recommender.data.sources.reading.delimited import KeptRows, read_strictly
from recommender.data.sources.reading.frames import frame_of_objects
from recommender.data.sources.reading.plain_text import plain_batches
from recommender.data.sources.reading.text_files import MissingColumnError, require_columns
from recommender.data.sources.shaping.columns_needed import asked_names, columns_to_read
from recommender.data.sources.shaping.shape import Shaper
from recommender.data.sources.size import about_rows_of

_ROW_BY_ROW: Final = frozenset(
    {
        "file",
        "header",
        "like",
        "sql",
        "api",
        "key",
        "columns",
        "delimiter",
        "quoting",
        "encoding",
        "missing",
        "decimal",
        "thousands",
        "where",
        "returned",
    }
)
"""What a source may say of a table so that each row can be mapped without the others; other keys need all rows."""

_TEXTS: Final = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
_JSON: Final = (".jsonl", ".jsonl.gz")
_PARQUET: Final = (".parquet",)


def is_row_by_row(source: TableSource) -> bool:
    """Whether each row of a table can be mapped without the others, as far as its description goes."""
    label = source.columns.get(c.INGREDIENTS)
    cut = label is not None and not label.separator
    if is_shaped(source) and not can_be_shaped(source):
        return False
    return _has_only(source, _ROW_BY_ROW | KEYS) and source.cursor is None and not cut


def needs_different_rows_only(source: TableSource, table: str) -> bool:
    """Whether a table is made of the rows that differ; how often a time has which form is told by all rows alone."""
    timed = any(fields_of(table)[name].kind is Kind.TIME for name in source.columns)
    plain = _has_only(source, _ROW_BY_ROW | {"one_row_per"}) and not is_shaped(source)
    return source.one_row_per is not None and plain and not timed


def _has_only(source: TableSource, keys: frozenset[str]) -> bool:
    """Whether nothing else is said of a table, nor several formats of a column, which are told from all its cells."""
    several = any(isinstance(how.format, tuple) for how in source.columns.values())
    priced = any(name in PRICES and how.read for name, how in source.columns.items())
    # The currency of the data set is every table's, also of those without prices to convert.
    said = source.model_fields_set if priced else source.model_fields_set - {"currency"}
    return said <= keys and not several


@contextmanager
def opened_rows(shaper: Shaper, scratch: Path) -> Generator[ForeignRows | None]:
    """All rows of a table that need not be read at once, while the block lasts; None where they have to be after all.

    Args:
        shaper: Of the table, before any rows.
        scratch: Folder for what is kept on the way.

    Raises:
        ConfigError: The environment lacks what the source names.
        DataError: The rows cannot be read.
    """
    source = shaper.source
    if not asked_names(source):
        yield None
        return
    with TemporaryDirectory(dir=scratch) as spool, local_files(source.files, shaper.folder) as paths:
        columns = columns_to_read(paths[0], source) if is_shaped(source) else asked_names(source)
        rows = _of_files(paths, source, columns, Path(spool)) if paths else _remote(source, columns, Path(spool))
        if rows is not None and is_shaped(source):
            rows = shaped_rows(rows, shaper, columns, Path(spool) / "shaped")
        yield _wanted(rows, source) if rows is not None and rows.rows and _has_plain_types(rows, source) else None


def _wanted(rows: ForeignRows, source: TableSource) -> ForeignRows | None:
    """Those that ``where`` wants; None where the whole table tells which these are."""
    if not source.where or is_shaped(source):
        return rows
    try:
        found = WantedRows(rows, source)
    except DataError:
        return None
    return None if found.is_doubtful() else found


def _has_plain_types(foreign: ForeignRows, source: TableSource) -> bool:
    """Whether a cell is the same beside any others: no type of pandas' own, and no time that becomes a text."""
    types = foreign.types
    conditions = [(types[name], how) for asked in (source.where, source.returned) for name, how in asked.items()]
    mapped = [(types[name], how) for how in source.columns.values() for name in how.read]
    return all(_is_plain(dtype, how, source) for dtype, how in mapped) and all(
        _is_plainly_asked(dtype, how) for dtype, how in conditions
    )


def _is_plainly_asked(dtype: Any, how: RowCondition) -> bool:
    """Whether a condition holds of a cell beside any others: times are not compared as texts (all tell their form)."""
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return how.is_of_times and how.model_fields_set <= {"least", "most"}
    return isinstance(dtype, np.dtype | pd.CategoricalDtype)


def _is_plain(dtype: Any, how: ColumnSource, source: TableSource) -> bool:
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return len(how.read) == 1 and how.model_fields_set <= {"read", "format"} and not source.missing
    return isinstance(dtype, np.dtype | pd.CategoricalDtype)


def _of_files(paths: Sequence[Path], source: TableSource, columns: Sequence[str], spool: Path) -> ForeignRows | None:
    names = [path.name.lower() for path in paths]
    try:
        if all(name.endswith(_PARQUET) for name in names):
            found = ParquetRows(paths, columns)
            return found if found.is_uniform else None
        if all(name.endswith(_TEXTS) for name in names):
            kept = [_kept_texts(path, columns, source, spool / f"{at}.arrow") for at, path in enumerate(paths)]
            return SpooledTexts(kept, columns)
        if all(name.endswith(_JSON) for name in names):
            frames = (frame for path in paths for frame in _json_frames(path, columns, source))
            return SpooledObjects(frames, spool / "rows")
    except (*UNREADABLE, MissingColumnError, UnkeptCellError):
        # Reading it whole tells what is wrong with which file, and which key would mend it, if anything is.
        return None
    return None


def _kept_texts(path: Path, columns: Sequence[str], how: TableSource, target: Path) -> Path:
    """The columns of a csv or tsv file in a file of Arrow's."""
    schema = pa.schema([(name, pa.string()) for name in columns])
    with steps(f"{path.name} read", about_rows_of(path) or 0, "rows") as progress:
        try:
            batches = plain_batches(path, columns, how)
            if batches is not None:
                with pa.OSFile(str(target), "wb") as file, pa.ipc.new_stream(file, schema) as stream:
                    for batch in batches:
                        stream.write_batch(batch)
                        progress.advance(len(batch))
                return target
        except pa.ArrowInvalid:
            pass
        kept = cast("_TextSpool", read_strictly(path, columns, how, lambda: _TextSpool(target, schema, progress)))
        kept.close()
    return target


class _TextSpool(KeptRows):
    """Keeps rows of texts in a file of Arrow's, which each new spool begins anew."""

    def __init__(self, target: Path, schema: pa.Schema, progress: Steps) -> None:
        self._progress = progress
        progress.done = 0
        self._schema, self._waiting = schema, list[tuple[str, ...]]()
        self._file = pa.OSFile(str(target), "wb")
        self._stream = pa.ipc.new_stream(self._file, schema)

    def append(self, row: tuple[str, ...], /) -> None:
        self._waiting.append(row)
        if len(self._waiting) == ROWS:
            self._write()

    def close(self) -> None:
        """Write what is still waiting."""
        self._write()
        self._stream.close()
        self._file.close()

    def _write(self) -> None:
        cells = [pa.array([row[at] or None for row in self._waiting], pa.string()) for at in range(len(self._schema))]
        self._stream.write_batch(pa.record_batch(cells, schema=self._schema))
        self._progress.advance(len(self._waiting))
        self._waiting = []


def _json_frames(path: Path, columns: Sequence[str], how: TableSource) -> Iterator[pd.DataFrame]:
    present = dict[str, None]()
    with steps(f"{path.name} read", about_rows_of(path) or 0, "rows") as progress:
        for rows in _batched(json_rows(path, how)):
            present.update(dict.fromkeys(key for row in rows for key in row))
            yield frame_of_objects(rows, columns)
            progress.advance(len(rows))
    if present:
        require_columns(str(path), columns, list(present))


def _remote(source: TableSource, columns: Sequence[str], spool: Path) -> ForeignRows | None:
    """The rows of a database or API, asked for once; None where they have cells that only the whole table keeps."""
    frames = _sql_frames(source, columns) if source.sql is not None else _api_frames(source, columns)
    try:
        found = SpooledObjects(frames, spool / "rows")
    except UnkeptCellError:
        return None
    if not found.rows:
        raise DataError("The table has no rows.", where=source.place, expected="at least one row")
    return found


def _sql_frames(source: TableSource, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    assert source.sql is not None  # noqa: S101 (the caller looked)
    for frame in read_sql_in_parts(source.sql, rows=ROWS):
        if len(frame):
            require_columns(source.place, columns, [str(name) for name in frame])
            yield frame[[*columns]]


def _api_frames(source: TableSource, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    assert source.api is not None  # noqa: S101 (a table is in a file, a database or an API)
    present = dict[str, None]()
    for entries in _batched(read_entries(source.api)):
        present.update(dict.fromkeys(key for entry in entries for key in entry))
        yield frame_of_objects(entries, columns)
    if present:
        require_columns(source.place, columns, list(present))


def _batched(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    every = iter(rows)
    while batch := list(islice(every, ROWS)):
        yield batch
