"""Writes the parts of a raw table as one Parquet file, in which each column has one type, whatever types parts have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from recommender.contract.fields import Kind, fields_of
from recommender.data.parsing.cells import as_text

_GROUP: Final = 1 << 20
"""Rows that are written together, as Arrow does it for a whole table."""

_TIMES: Final = pa.timestamp("us", "UTC")
_BECOME_TEXTS: Final = {Kind.NUMBER: pa.float64(), Kind.COUNT: pa.float64(), Kind.TIME: _TIMES}
"""Where some cells cannot be read, all become texts: numbers of this type and times, in the form of a whole column."""


class NoCommonTypeError(Exception):
    """Parts have types that only the whole column can bring together."""


class RawWriter:
    """Takes parts until its block ends; then :meth:`finish` makes the file.

    Parts of other types than those before begin a file of their own; in the end all are brought to one type.

    Args:
        table: Name of the table.
        folder: For what is kept on the way.
        texts: Whether numbers and times may become texts where others could not be read.
    """

    def __init__(self, table: str, folder: Path, *, texts: bool = True) -> None:
        self._kinds = {name: field.kind for name, field in fields_of(table).items()}
        self._stem, self._may_become_texts = folder / table, texts
        self._files: list[tuple[Path, pa.Schema]] = []
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._schema: pa.Schema | None = None
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def append(self, part: pa.Table) -> None:
        """Take the next rows."""
        rows = part.replace_schema_metadata()
        fitting = _fitted(rows, self._schema or rows.schema)
        if fitting is None:
            self._flush()
            self._close()
            fitting = rows
        self._schema = fitting.schema
        self._waiting.append(fitting)
        self.rows += len(part)
        if sum(map(len, self._waiting)) >= _GROUP:
            self._flush()

    def finish(self, path: Path) -> None:
        """Make the file; it holds all rows, in their order.

        Raises:
            NoCommonTypeError: The whole table decides what its columns are.
        """
        self._flush()
        self._close()
        schema = self._common()
        if len(self._files) == 1:
            self._files[0][0].replace(path)
            return
        with pq.ParquetWriter(path, schema) as writer:
            for rows in self._again():
                writer.write_table(
                    pa.table([_as_type(rows[field.name], field.type) for field in schema], schema=schema)
                )

    def _again(self) -> Iterator[pa.Table]:
        for path, _ in self._files:
            with pq.ParquetFile(path) as file:
                for at in range(file.num_row_groups):
                    yield file.read_row_group(at)

    def _flush(self) -> None:
        if not self._waiting:
            return
        together = pa.concat_tables(self._waiting)
        writer = self._writer or self._begin_file(together.schema)
        writer.write_table(together, row_group_size=_GROUP)
        self._waiting = []

    def _begin_file(self, schema: pa.Schema) -> pq.ParquetWriter:
        path = self._stem.with_name(f"{self._stem.name}-{len(self._files)}.parquet")
        self._files.append((path, schema))
        self._writer = pq.ParquetWriter(path, schema)
        return self._writer

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _common(self) -> pa.Schema:
        schemas = [schema for _, schema in self._files]
        return pa.schema(
            [(name, self._type(name, [schema.field(name).type for schema in schemas])) for name in schemas[0].names]
        )

    def _type(self, name: str, types: list[pa.DataType]) -> pa.DataType:
        found = {kind for kind in types if not pa.types.is_null(kind)}
        if len(found) <= 1:
            return next(iter(found), pa.null())
        if self._may_become_texts and found == {pa.string(), _BECOME_TEXTS.get(self._kinds[name])}:
            return pa.string()
        raise NoCommonTypeError(name)


def _fitted(rows: pa.Table, schema: pa.Schema) -> pa.Table | None:
    """The rows in a file's types, where they differ only by columns of which every cell is missing."""
    if rows.schema.equals(schema):
        return rows
    differing = [field for field in schema if rows.schema.field(field.name).type != field.type]
    if not all(pa.types.is_null(rows.schema.field(field.name).type) for field in differing):
        return None
    return _as_types(rows, schema)


def _as_types(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    return pa.table([_as_type(rows[field.name], field.type) for field in schema], schema=schema)


def _as_type(cells: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if cells.type == kind:
        return cells
    if pa.types.is_null(cells.type):
        return pa.chunked_array([pa.nulls(len(cells), kind)])
    # As a whole column is made texts where a cell of it could not be read.
    return pa.chunked_array([pa.array(as_text(cells.to_pandas().astype(object)), pa.string())])
