"""What runs Ibis expressions: DuckDB within the process, or Spark; everything else is the same for both."""

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

import ibis
import numpy as np
import pyarrow as pa

from recommender.config.compute import ComputeSettings

ROW: Final = "_row"
"""Column that tells the place of a row in its file, from 0: relations have no order by themselves."""

TIMESTAMP: Final = "timestamp('UTC', 6)"
"""The type of times in expressions."""

_BATCH: Final = 100_000


class Backend(Protocol):
    """Runs expressions."""

    def read(self, path: Path) -> ibis.Table:
        """The rows of a Parquet file, with :data:`ROW`."""
        ...

    def given(self, rows: pa.Table) -> ibis.Table:
        """Rows that are in memory."""
        ...

    def kept(self, rows: ibis.Table) -> ibis.Table:
        """``rows``, computed once and kept as long as the backend: for what several expressions use."""
        ...

    def batches(self, rows: ibis.Table) -> Iterator[pa.RecordBatch]:
        """The rows in their order, a part at a time."""
        ...

    def fetched(self, rows: ibis.Table) -> pa.Table:
        """The rows in their order, all at once."""
        ...


def opened(settings: ComputeSettings | None = None) -> AbstractContextManager[Backend]:
    """The backend that the settings name (DuckDB without any); what it kept is gone after the block."""
    settings = settings or ComputeSettings()
    return _spark() if settings.engine == "spark" else _duckdb(settings)


def numbered(rows: pa.Table) -> pa.Table:
    """``rows`` with :data:`ROW`."""
    return rows.append_column(ROW, pa.array(np.arange(rows.num_rows)))


@contextmanager
def _duckdb(settings: ComputeSettings) -> Generator[Backend]:
    with TemporaryDirectory(prefix="relations-") as folder:
        backend = DuckDb(Path(folder), settings.memory_megabytes)
        try:
            yield backend
        finally:
            backend.close()


@contextmanager
def _spark() -> Generator[Backend]:
    from recommender.data.engines.spark import Spark

    with TemporaryDirectory(prefix="relations-") as folder:
        yield Spark(Path(folder))


class DuckDb:
    """DuckDB within the process; what does not fit into its share of memory goes to a temporary folder."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._ibis: Any = ibis.duckdb.connect(memory_limit=f"{megabytes}MB", temp_directory=str(folder))
        self._ibis.raw_sql("SET TimeZone = 'UTC'")
        self._tables = 0

    def read(self, path: Path) -> ibis.Table:
        """See :class:`Backend`."""
        return self._ibis.read_parquet(path, file_row_number=True).rename({ROW: "file_row_number"})

    def given(self, rows: pa.Table) -> ibis.Table:
        """See :class:`Backend`."""
        name = self._name()
        self._ibis.con.register(name, rows)
        return self._ibis.table(name)

    def kept(self, rows: ibis.Table) -> ibis.Table:
        """See :class:`Backend`."""
        return self._ibis.create_table(self._name(), rows)

    def batches(self, rows: ibis.Table) -> Iterator[pa.RecordBatch]:
        """See :class:`Backend`."""
        # Not Ibis's own reader: it calls what DuckDB 2 no longer has.
        return iter(self._ibis.con.sql(self._ibis.compile(rows)).to_arrow_reader(_BATCH))

    def fetched(self, rows: ibis.Table) -> pa.Table:
        """See :class:`Backend`."""
        return self._ibis.to_pyarrow(rows)

    def close(self) -> None:
        """Give memory and files back."""
        self._ibis.disconnect()

    def _name(self) -> str:
        self._tables += 1
        return f"kept_{self._tables}"
