"""Which engine runs expressions: the one that the settings name."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from recommender.config.compute import ComputeSettings
from recommender.data.engines.backend import Backend
from recommender.data.engines.duckdb import DuckDb


@contextmanager
def opened(settings: ComputeSettings | None = None) -> Generator[Backend]:
    """The backend that the settings name (DuckDB without any); what it kept is gone after the block."""
    settings = settings or ComputeSettings()
    with TemporaryDirectory(prefix="relations-") as folder:
        if settings.engine == "spark":
            # PySpark is no requirement, and slow to import.
            from recommender.data.engines.spark import Spark

            yield Spark(Path(folder))
            return
        backend = DuckDb(Path(folder), settings.memory_megabytes)
        try:
            yield backend
        finally:
            backend.close()
