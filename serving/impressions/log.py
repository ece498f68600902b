"""The log of what was shown: written in batches by a thread of its own, never waited for by a request."""

import logging
import sqlite3
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from serving.impressions.batches import Batch, Batches
from serving.observability import metrics
from serving.sqlite_file import SqliteFile

logger = logging.getLogger(__name__)

SHOWN: Final = "impressions"
SHADOW: Final = "shadow_impressions"
"""Table of what a challenger would have shown; of the same form, and apart: nobody saw it."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS {table} (
    request_id TEXT NOT NULL,
    time REAL NOT NULL,
    customer TEXT NOT NULL,
    variant TEXT NOT NULL,
    model_version TEXT NOT NULL,
    products TEXT NOT NULL,
    scores TEXT NOT NULL,
    fallback TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS {table}_time ON {table} (time);
"""
#: Columns that came later, with their types: a log that was begun without them gets them when it is opened.
_LATER: Final = {"seconds": "REAL", "kind": "TEXT", "k": "INTEGER", "brought": "TEXT"}
_BUSY_SECONDS: Final = 5.0
_ROWS_AT_ONCE: Final = 100
"""Of one statement: for each SQLite lets go of the interpreter and wants it back, and requests wait meanwhile."""


class Impression(NamedTuple):
    """One list shown to one customer; the fields are the columns of the log, in order.

    Attributes:
        time: Seconds since 1970.
        customer: ``recommender.contract.query.customer_hash`` of the customer, "" for nobody in particular.
        products: Product ids as JSON, best first.
        scores: Their scores as JSON.
        seconds: From the request's arrival until its answer was found; None where nobody waited for it.
        kind: ``serving.answering.requests.Wish.kind``: what was asked for.
        k: How many products were asked for.
        brought: ``serving.answering.requests.Wish.brought``: which parts of a profile the request said, not
            what they say.
    """

    request_id: str
    time: float
    customer: str
    variant: str
    model_version: str
    products: str
    scores: str
    fallback: str
    seconds: float | None = None
    kind: str | None = None
    k: int | None = None
    brought: str | None = None


class ImpressionSink(Protocol):
    """Anything that takes impressions without making anyone wait."""

    def add(self, impression: Impression, /) -> None:
        """Take one impression, or drop and count it."""
        ...


class NoImpressions:
    """Where no log is configured."""

    def add(self, impression: Impression, /) -> None:
        """Forget it."""

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""


class ImpressionLog(Batches[Impression]):
    """A bounded queue and the thread that writes it to SQLite.

    Args:
        path: The log; made when it does not exist.
        capacity: Impressions that may wait; more are dropped and counted.
        flush_seconds: Longest time that an impression waits for others to be written with.
        table: Where they are written.
    """

    def __init__(self, path: Path, capacity: int, flush_seconds: float, table: str = SHOWN) -> None:
        super().__init__(capacity, flush_seconds, table)
        self._path = path
        self._file = SqliteFile(path, self._connect)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def deliver(self, batch: Batch[Impression]) -> bool:
        """Write a batch, or drop and count it: a full disk must not become a full memory.

        A log that another has locked is whole, and soon free: the batch waits, in a queue that has its bounds.
        """
        try:
            with self._file.connection() as connection:
                for start in range(0, len(batch.rows), _ROWS_AT_ONCE):
                    part = batch.rows[start : start + _ROWS_AT_ONCE]
                    connection.execute(_insertion(self._table, len(part)), [*chain.from_iterable(part)])
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
        """The log, made where there is none: it may be taken away between two batches."""
        # Opened by the writing thread, or by whoever flushes without one; never by two at once.
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        # Survives the process, if not the machine's loss of power, and waits for no disk.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA.format(table=self._table))
        self._extend(connection)
        return connection

    def _extend(self, connection: sqlite3.Connection) -> None:
        """Add the columns that a log begun by an earlier version lacks."""
        with connection:
            # Held until all are there: of two workers that open the log at once, the second finds nothing to add.
            connection.execute("BEGIN IMMEDIATE")
            present = {row[1] for row in connection.execute(f"PRAGMA table_info({self._table})")}
            for column in _LATER.keys() - present:
                connection.execute(f"ALTER TABLE {self._table} ADD COLUMN {column} {_LATER[column]}")


def _locked(error: sqlite3.Error) -> bool:
    """Whether another holds the log; the last byte of the code says it, the others only why."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@lru_cache
def _insertion(table: str, rows: int) -> str:
    """Writes as many rows."""
    row = f"({', '.join('?' * len(Impression._fields))})"
    return f"INSERT INTO {table} ({', '.join(Impression._fields)}) VALUES {', '.join([row] * rows)}"  # noqa: S608 (names of ours)
