"""The rows of a foreign table as parts that can be gone through again, under its own column names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from recommender.data.sources.parts.cell_codec import UnkeptCellError, decoded, encoded
from recommender.data.sources.reading.text_files import require_columns

ROWS: Final = 1 << 17
"""Of a part, about."""

_BUFFER: Final = 1 << 22
"""Bytes of a column that are read together, however large the file's groups of rows are."""


@dataclass(frozen=True)
class Part:
    """Some rows that follow each other.

    Attributes:
        rows: As Arrow has them, or with cells of any type.
        objects: Columns that hold objects as a whole, whatever type these rows have.
    """

    rows: pa.Table | pd.DataFrame
    objects: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)

    def arrow(self, column: str) -> pa.ChunkedArray | None:
        """A column as Arrow has it; None where its cells may be of any type."""
        return self.rows[column] if isinstance(self.rows, pa.Table) else None

    def only(self, wanted: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> "Part":
        """The rows that are ``wanted``: bool[rows]."""
        if isinstance(self.rows, pd.DataFrame):
            return Part(self.rows[wanted].reset_index(drop=True), self.objects)
        return Part(self.rows.filter(pa.array(wanted)), self.objects)

    def frame(self, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns as the whole table would have them."""
        if isinstance(self.rows, pd.DataFrame):
            return self.rows[[*columns]]
        found = self.rows.select(list(columns)).to_pandas(integer_object_nulls=True).reset_index(drop=True)
        frame = found.astype({name: object for name in columns if name in self.objects})
        return frame if columns else pd.DataFrame(index=pd.RangeIndex(len(self)))


class ForeignRows(Protocol):
    """All rows of a table."""

    @property
    def rows(self) -> int:
        """How many."""
        ...

    @property
    def types(self) -> "pd.Series[Any]":
        """What pandas makes of each column as a whole."""
        ...

    def parts(self) -> Iterator[Part]:
        """The rows, in order; may be called again."""
        ...


def whole_frame(foreign: ForeignRows, columns: Sequence[str]) -> pd.DataFrame:
    """All rows at once."""
    return pd.concat([part.frame(columns) for part in foreign.parts()], ignore_index=True)


class ParquetRows:
    """Parquet files of the same types, one after another.

    Raises:
        DataError: A file lacks a column.
        OSError, pa.ArrowException: A file cannot be read.
    """

    def __init__(self, paths: Sequence[Path], columns: Sequence[str]) -> None:
        self._paths, self._columns = paths, list(columns)
        self._schemas = [pq.read_schema(path) for path in paths]
        for path, schema in zip(paths, self._schemas, strict=True):
            require_columns(str(path), columns, schema.names)
        self._schema = self._schemas[0]

    @property
    def is_uniform(self) -> bool:
        """Whether the files' columns have the same types, and no name means a part of a column to Arrow."""
        types = [[schema.field(name).type for name in self._columns] for schema in self._schemas]
        return all(found == types[0] for found in types) and not any("." in name for name in self._columns)

    @property
    def rows(self) -> int:
        """How many."""
        return sum(pq.read_metadata(path).num_rows for path in self._paths)

    @property
    def types(self) -> "pd.Series[Any]":
        """What pandas makes of each column as a whole."""
        found = self._plain_types.copy()
        found[[*self._objects]] = np.dtype(object)
        return found

    def parts(self) -> Iterator[Part]:
        """The rows, in order."""
        for path in self._paths:
            with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
                for batch in file.iter_batches(ROWS, columns=self._columns):
                    yield Part(pa.Table.from_batches([batch]), self._objects)

    @cached_property
    def _plain_types(self) -> "pd.Series[Any]":
        """The columns' types where no cell is missing."""
        fields = [self._schema.field(name) for name in self._columns]
        empty = pa.schema(fields, self._schema.metadata).empty_table()
        return empty.to_pandas(integer_object_nulls=True).reset_index()[self._columns].dtypes

    @cached_property
    def _objects(self) -> frozenset[str]:
        """Whole numbers and truths of which some are missing: as numbers, long ids would lose digits."""
        exact = [name for name, dtype in self._plain_types.items() if getattr(dtype, "kind", "O") in "iub"]
        return frozenset(str(name) for name in exact if any(_has_gaps(path, str(name)) for path in self._paths))


def _has_gaps(path: Path, column: str) -> bool:
    with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
        place = [file.metadata.schema.column(at).path for at in range(file.metadata.num_columns)].index(column)
        groups = [file.metadata.row_group(at).column(place) for at in range(file.metadata.num_row_groups)]
        counts = [group.statistics.null_count if group.is_stats_set else None for group in groups]
        if all(count is not None for count in counts):
            return any(counts)
        return any(batch.column(0).null_count for batch in file.iter_batches(ROWS, columns=[column]))


class SpooledTexts:
    """Columns of texts, kept in files of Arrow's."""

    def __init__(self, paths: Sequence[Path], columns: Sequence[str]) -> None:
        self._paths, self._columns = paths, list(columns)
        self.rows = sum(len(part) for part in self.parts())

    @property
    def types(self) -> "pd.Series[Any]":
        """What pandas makes of each column as a whole."""
        return pd.Series(np.dtype(object), index=self._columns, dtype=object)

    def parts(self) -> Iterator[Part]:
        """The rows, in order."""
        for path in self._paths:
            with pa.OSFile(str(path)) as file:
                for batch in _of_size(iter(pa.ipc.open_stream(file))):
                    yield Part(batch)


def _of_size(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The batches, small ones together."""
    waiting, rows = list[pa.RecordBatch](), 0
    for batch in batches:
        waiting.append(batch)
        rows += len(batch)
        if rows >= ROWS:
            yield pa.Table.from_batches(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting)


class SpooledObjects:
    """Rows whose cells may be of any type, kept in files of Arrow's: columns of objects as texts that tell their types.

    Args:
        frames: The rows, in order, with the same columns.
        folder: A folder to make.

    Raises:
        UnkeptCellError: A cell or column is of a type that would come back as another.
    """

    def __init__(self, frames: Iterable[pd.DataFrame], folder: Path) -> None:
        self._folder, self._types = folder, list["pd.Series[Any]"]()
        self.rows = 0
        folder.mkdir()
        for frame in frames:
            feather.write_feather(_as_texts(frame), str(self._file(len(self._types))))
            self._types.append(frame.dtypes)
            self.rows += len(frame)

    @property
    def types(self) -> "pd.Series[Any]":
        """What pandas makes of each column; of the last rows, if that differs."""
        return self._types[-1] if self._types else pd.Series(dtype=object)

    def parts(self) -> Iterator[Part]:
        """The rows, in order."""
        for at, types in enumerate(self._types):
            yield Part(_from_texts(feather.read_table(str(self._file(at))), types))

    def _file(self, at: int) -> Path:
        return self._folder / f"{at}.arrow"


def _as_texts(frame: pd.DataFrame) -> pa.Table:
    columns = {str(name): _kept(frame[name]) for name in frame}
    return pa.table(columns) if columns else pa.table({"": pa.nulls(len(frame))})


def _kept(cells: "pd.Series[Any]") -> pa.Array:
    if cells.dtype == np.dtype(object):
        return pa.array(map(encoded, cells), pa.string())
    kept = pa.Array.from_pandas(cells)
    if kept.to_pandas().dtype != cells.dtype:
        raise UnkeptCellError(str(cells.dtype))
    return kept


def _from_texts(rows: pa.Table, types: "pd.Series[Any]") -> pd.DataFrame:
    columns = zip(types.items(), rows.columns, strict=False)  # rows without columns have one of nothing
    found = {name: _as_before(cells, dtype) for (name, dtype), cells in columns}
    return pd.DataFrame(found, index=pd.RangeIndex(len(rows)))


def _as_before(cells: pa.ChunkedArray, dtype: Any) -> "pd.Series[Any]":
    if dtype == np.dtype(object):
        return pd.Series([*map(decoded, cells.to_pylist())], dtype=object)
    return cells.to_pandas()
