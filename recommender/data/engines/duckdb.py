"""DuckDB as a backend: within the process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from recommender.data.engines.backend import BATCH, ROW


class DuckDbBackend:
    """DuckDB within the process; what exceeds its memory goes to a temporary folder."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._ibis: Any = ibis.duckdb.connect(memory_limit=f"{megabytes}MB", temp_directory=str(folder))
        self._ibis.raw_sql("SET TimeZone = 'UTC'")
        self._tables = 0

    def read(self, path: Path) -> ibis.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        return self._ibis.read_parquet(path, file_row_number=True).rename({ROW: "file_row_number"})

    def from_arrow(self, rows: pa.Table) -> ibis.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        name = self._name()
        self._ibis.con.register(name, rows)
        return self._ibis.table(name)

    def materialise(self, rows: ibis.Table) -> ibis.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        return self._ibis.create_table(self._name(), rows)

    def batches(self, rows: ibis.Table) -> Iterator[pa.RecordBatch]:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        # Not Ibis's own reader: it calls what DuckDB 2 no longer has.
        return iter(self._ibis.con.sql(self._ibis.compile(rows)).to_arrow_reader(BATCH))

    def to_arrow(self, rows: ibis.Table) -> pa.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        return self._ibis.to_pyarrow(rows)

    def close(self) -> None:
        """Release memory and files."""
        self._ibis.disconnect()

    def _name(self) -> str:
        self._tables += 1
        return f"kept_{self._tables}"
