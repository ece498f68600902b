"""What an engine must do to run Ibis expressions; everything else is the same for all of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import ibis
import numpy as np
import pyarrow as pa

ROW: Final = "_row"
"""Column with the number of a row in its file, from 0: relations have no order by themselves."""

TIMESTAMP: Final = "timestamp('UTC', 6)"
"""The type of times in expressions."""

BATCH: Final = 100_000
"""Rows that are read at a time."""


class Backend(Protocol):
    """Runs expressions."""

    def read(self, path: Path) -> ibis.Table:
        """The rows of a Parquet file, with :data:`ROW`."""
        ...

    def from_arrow(self, rows: pa.Table) -> ibis.Table:
        """Rows that are in memory."""
        ...

    def materialise(self, rows: ibis.Table) -> ibis.Table:
        """``rows``, computed once and stored as long as the backend is open, for use in several expressions."""
        ...

    def batches(self, rows: ibis.Table) -> Iterator[pa.RecordBatch]:
        """The rows in their order, in batches."""
        ...

    def to_arrow(self, rows: ibis.Table) -> pa.Table:
        """The rows in their order, all at once."""
        ...


def row_count(rows: ibis.Table, backend: Backend) -> int:
    """How many rows there are."""
    return backend.to_arrow(rows.agg(rows=rows.count()))["rows"][0].as_py()


def with_row_numbers(rows: pa.Table) -> pa.Table:
    """``rows`` with :data:`ROW`."""
    return rows.append_column(ROW, pa.array(np.arange(rows.num_rows)))
