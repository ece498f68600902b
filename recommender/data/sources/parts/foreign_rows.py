"""The rows of a foreign table as parts that can be gone through again, under its own column names."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

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
    """Rows whose cells may be of any type, kept in a file.

    Args:
        frames: The rows, in order, with the same columns.
        path: A file to make.
    """

    def __init__(self, frames: Iterable[pd.DataFrame], path: Path) -> None:
        self._path = path
        self.rows = 0
        self.types: pd.Series[Any] = pd.Series(dtype=object)
        with path.open("wb") as file:
            for frame in frames:
                pickle.dump(frame, file)
                self.rows += len(frame)
                self.types = frame.dtypes

    def parts(self) -> Iterator[Part]:
        """The rows, in order."""
        with self._path.open("rb") as file:
            while file.peek(1):
                yield Part(pickle.load(file))  # noqa: S301 (written above)
