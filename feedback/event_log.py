"""The event log: events are durable before a method returns, and each is kept once."""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedback.database import Database, Transactions, sqlite
from feedback.events import CustomerEvent

FIELDS: Final = tuple(CustomerEvent.model_fields)
#: Order of arrival, which neither an app's clock nor a late event changes.
ARRIVAL: Final = "arrival"

_SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS events (
    arrival {growing_key},
    event_id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    type TEXT NOT NULL,
    time DOUBLE PRECISION NOT NULL,
    session_id TEXT,
    product_id TEXT,
    query TEXT,
    value DOUBLE PRECISION,
    request_id TEXT,
    received DOUBLE PRECISION NOT NULL,
    shown_online INTEGER NOT NULL DEFAULT 0
)""",
    "CREATE INDEX IF NOT EXISTS events_request ON events (request_id) WHERE request_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS events_waiting ON events (arrival) WHERE shown_online = 0",
    "CREATE INDEX IF NOT EXISTS events_customer ON events (customer_id)",
    "CREATE TABLE IF NOT EXISTS told (store TEXT NOT NULL)",
)
_WAITING: Final = f"SELECT {ARRIVAL}, {', '.join(FIELDS)} FROM events WHERE shown_online = 0 ORDER BY {ARRIVAL}"  # noqa: S608 (names of ours)
_AGAIN: Final = "UPDATE events SET shown_online = 0 WHERE shown_online = 1"


@dataclass(frozen=True, slots=True)
class PendingEvents:
    """Events that the online store may lack, and the arrival number of the last of them."""

    events: list[CustomerEvent]
    last: int


class EventLog:
    """Events in a database or SQLite file; safe to share between threads, and a lost connection is opened anew."""

    def __init__(self, where: Database | Path) -> None:
        self._database = sqlite(where) if isinstance(where, Path) else where
        self._transactions = Transactions(self._database)
        self._locking = Transactions(self._database)
        with self._transactions.begin() as cursor:
            for statement in _SCHEMA:
                cursor.execute(statement.format(growing_key=self._database.growing_key))

    def add(self, events: Sequence[CustomerEvent]) -> int:
        """Log ``events`` and return how many were new; they are on disk when this returns."""
        if not events:
            return 0
        received = time.time()
        rows = [(*(getattr(event, field) for field in FIELDS), received) for event in events]
        marks = ", ".join([self._database.placeholder] * (len(FIELDS) + 1))
        insert = (
            f"INSERT INTO events ({', '.join(FIELDS)}, received) VALUES ({marks}) ON CONFLICT (event_id) DO NOTHING"  # noqa: S608 (names of ours)
        )
        with self._transactions.begin() as cursor:
            if self._database.write_lock:
                cursor.execute(self._database.write_lock)
            cursor.executemany(insert, rows)
            return cursor.rowcount

    def pending(self) -> PendingEvents:
        """Events not yet marked by :meth:`mark_delivered`, in order of arrival."""
        with self._transactions.begin() as cursor:
            cursor.execute(_WAITING)
            rows = cursor.fetchall()
        # What is in the log has passed the contract: no second validation.
        events = [CustomerEvent.model_construct(None, **dict(zip(FIELDS, row[1:], strict=True))) for row in rows]
        return PendingEvents(events, rows[-1][0] if rows else 0)

    def mark_delivered(self, last: int) -> None:
        """Record that the online store has every event up to arrival number ``last``."""
        until = f"{ARRIVAL} <= {self._database.placeholder}"
        with self._transactions.begin() as cursor:
            cursor.execute(f"UPDATE events SET shown_online = 1 WHERE shown_online = 0 AND {until}", (last,))  # noqa: S608 (names of ours)

    def requeue(self, since: int = 0) -> None:
        """Deliver again every event that arrived after arrival number ``since``: the online store may lack it."""
        with self._transactions.begin() as cursor:
            cursor.execute(f"{_AGAIN} AND {ARRIVAL} > {self._database.placeholder}", (since,))

    def set_online_store(self, store: str) -> None:
        """Deliver to the store of this identity from now on; all events again if it is another one than before."""
        with self._transactions.begin() as cursor:
            cursor.execute("SELECT store FROM told")
            if cursor.fetchone() != (store,):
                cursor.execute(_AGAIN)
                cursor.execute("DELETE FROM told")
                cursor.execute(f"INSERT INTO told VALUES ({self._database.placeholder})", (store,))  # noqa: S608 (a mark of ours)

    @contextmanager
    def exclusive(self) -> Generator[None]:
        """Of the collectors that share the log, one at a time runs the block; the log goes on taking events."""
        if self._database.advisory_lock is None:
            yield
            return
        with self._locking.begin() as cursor:
            cursor.execute(self._database.advisory_lock)
            yield

    @property
    def unavailable_errors(self) -> tuple[type[Exception], ...]:
        """What every method raises while the database is unavailable."""
        return self._database.unavailable_errors

    def ping(self) -> None:
        """Check that the database answers."""
        with self._transactions.begin() as cursor:
            cursor.execute("SELECT 1")

    def close(self) -> None:
        """Close the connections."""
        self._locking.close()
        self._transactions.close()
