"""Spark as a backend: the active session, else one on this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.errors import ConfigError
from recommender.data.engines.backend import BATCH, ROW


class SparkBackend:
    """Runs expressions on Spark; what is materialised is written into a folder that its workers must reach."""

    def __init__(self, folder: Path) -> None:
        """Take the active session, or start one.

        Raises:
            ConfigError: Spark is not installed.
        """
        self._folder = folder
        self._session: Any = _session()
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self._session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        self._ibis: Any = ibis.pyspark.connect(self._session)
        self._files = 0

    def read(self, path: Path) -> ibis.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        name = self._next().name
        rows = self._session.read.parquet(str(path.resolve()))
        rows.selectExpr("*", f"_metadata.row_index AS {ROW}").createOrReplaceTempView(name)
        return self._ibis.table(name)

    def from_arrow(self, rows: pa.Table) -> ibis.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        file = self._next()
        # Rows that came from Spark have its own schema as metadata, which it would prefer to their columns.
        pq.write_table(rows.replace_schema_metadata(None), file)
        return self._view(file)

    def materialise(self, rows: ibis.Table) -> ibis.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        return self._view(self._written(rows))

    def batches(self, rows: ibis.Table) -> Iterator[pa.RecordBatch]:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        for part in self._parts(rows):
            yield from pq.ParquetFile(part).iter_batches(BATCH)

    def to_arrow(self, rows: ibis.Table) -> pa.Table:
        """See :class:`~recommender.data.engines.backend.Backend`."""
        return pa.concat_tables(pq.read_table(part) for part in self._parts(rows))

    def _parts(self, rows: ibis.Table) -> list[Path]:
        """Files with the rows; of ordered rows, numbered in their order."""
        return sorted(self._written(rows).glob("part-*.parquet"))

    def _written(self, rows: ibis.Table) -> Path:
        folder = self._next()
        self._session.sql(self._ibis.compile(rows)).write.parquet(str(folder))
        return folder

    def _view(self, file: Path) -> ibis.Table:
        self._session.read.parquet(str(file)).createOrReplaceTempView(file.name)
        return self._ibis.table(file.name)

    def _next(self) -> Path:
        self._files += 1
        return self._folder / f"kept_{self._folder.name.replace('-', '_')}_{self._files}"


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports] (an extra)
    except ImportError:
        expected = "pip install -r requirements-spark.txt, and Java"
        raise ConfigError("Spark is not installed.", field="compute.engine", expected=expected) from None
    return SparkSession.builder.getOrCreate()
