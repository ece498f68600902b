"""The log of what was shown: a thread of its own writes it in batches, so that no request waits for it."""

import logging
import sqlite3
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from recommender.contract.impressions import COLUMNS, LATER_COLUMNS, SHOWN, Impression, sql_columns
from serving.impressions.batch_writer import BatchWriter, ImpressionBatch
from serving.observability import metrics
from serving.sqlite_file import SqliteFile

logger = logging.getLogger(__name__)

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS {table} ({columns});
CREATE INDEX IF NOT EXISTS {table}_time ON {table} (time);
"""
_COLUMNS: Final = sql_columns("REAL")
_BUSY_SECONDS: Final = 5.0
_ROWS_PER_STATEMENT: Final = 100
"""SQLite releases and takes back the interpreter's lock for each statement, and requests wait meanwhile."""


class ImpressionSink(Protocol):
    """Anything that takes impressions without making anyone wait."""

    def add(self, impression: Impression, /) -> None:
        """Take one impression, or drop and count it."""
        ...


class NoImpressions:
    """Stands in where no log is configured."""

    def add(self, impression: Impression, /) -> None:
        """Discard it."""

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""


class ImpressionLog(BatchWriter[Impression]):
    """A bounded queue and the thread that writes it to a table in SQLite, which is made when it does not exist."""

    def __init__(self, path: Path, capacity: int, flush_seconds: float, table: str = SHOWN) -> None:
        super().__init__(capacity, flush_seconds, table)
        self._path = path
        self._file = SqliteFile(path, self._connect)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def deliver(self, batch: ImpressionBatch[Impression]) -> bool:
        """Write a batch, or drop and count it: a full disk must not become a full memory.

        A log that another process has locked is intact and soon free: the batch waits, in a queue that is bounded.
        """
        try:
            with self._file.connection() as connection:
                for start in range(0, len(batch.rows), _ROWS_PER_STATEMENT):
                    part = batch.rows[start : start + _ROWS_PER_STATEMENT]
                    connection.execute(_insert_statement(self._table, len(part)), [*chain.from_iterable(part)])
            metrics.IMPRESSIONS.labels("written").inc(len(batch.rows))
        except sqlite3.Error as error:
            self._file.close()
            if _locked(error):
                logger.warning("%d impressions wait for the log: %s", len(batch.rows), error)
                return False
            metrics.IMPRESSIONS.labels("dropped").inc(len(batch.rows))
            logger.warning("%d impressions were dropped: %s", len(batch.rows), error)
        return True

    def _connect(self) -> sqlite3.Connection:
        """Open the log, or make it where there is none: it may be removed between two batches."""
        # Opened by the writing thread, or by whoever flushes without one; never by two at once.
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        # Survives the process, if not the machine's loss of power, and waits for no disk.
        connection.execute("PRAGMA synchronous = NORMAL")
        columns = ", ".join(f"{name} {definition}" for name, definition in _COLUMNS.items())
        connection.executescript(_SCHEMA.format(table=self._table, columns=columns))
        self._add_later_columns(connection)
        return connection

    def _add_later_columns(self, connection: sqlite3.Connection) -> None:
        """Add the columns that a log begun by an earlier version lacks."""
        with connection:
            # Held until all are there: of two workers that open the log at once, the second finds nothing to add.
            connection.execute("BEGIN IMMEDIATE")
            present = {row[1] for row in connection.execute(f"PRAGMA table_info({self._table})")}
            for column in LATER_COLUMNS:
                if column not in present:
                    connection.execute(f"ALTER TABLE {self._table} ADD COLUMN {column} {_COLUMNS[column]}")


def _locked(error: sqlite3.Error) -> bool:
    """Whether another process holds the log; the last byte of the error code says so, the others only why."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@lru_cache
def _insert_statement(table: str, rows: int) -> str:
    """The statement that writes this many rows."""
    row = f"({', '.join('?' * len(COLUMNS))})"
    return f"INSERT INTO {table} ({', '.join(COLUMNS)}) VALUES {', '.join([row] * rows)}"  # noqa: S608 (names of ours)
