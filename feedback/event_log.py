"""The event log: durable before it answers, each event once."""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedback.database import Database, sqlite
from feedback.events import Event
from feedback.transactions import Transactions

FIELDS: Final = tuple(Event.model_fields)
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
class Waiting:
    """Events that the online store may not know yet, and the arrival number of the last of them."""

    events: list[Event]
    last: int


class EventLog:
    """Events in a database; safe to share between threads, and a lost connection is opened anew.

    Args:
        where: The database, or the path of a SQLite file.
    """

    def __init__(self, where: Database | Path) -> None:
        self._database = sqlite(where) if isinstance(where, Path) else where
        self._transactions = Transactions(self._database)
        self._telling = Transactions(self._database)
        with self._transactions.begin() as cursor:
            for statement in _SCHEMA:
                cursor.execute(statement.format(growing_key=self._database.growing_key))

    def add(self, events: Sequence[Event]) -> int:
        """Log ``events`` and return how many were new; they are on disk when this returns."""
        if not events:
            return 0
        received = time.time()
        rows = [(*(getattr(event, field) for field in FIELDS), received) for event in events]
        marks = ", ".join([self._database.mark] * (len(FIELDS) + 1))
        insert = (
            f"INSERT INTO events ({', '.join(FIELDS)}, received) VALUES ({marks}) ON CONFLICT (event_id) DO NOTHING"  # noqa: S608 (names of ours)
        )
        with self._transactions.begin() as cursor:
            if self._database.lock:
                cursor.execute(self._database.lock)
            cursor.executemany(insert, rows)
            return cursor.rowcount

    def waiting(self) -> Waiting:
        """Events not yet marked by :meth:`mark_shown`, in order of arrival."""
        with self._transactions.begin() as cursor:
            cursor.execute(_WAITING)
            rows = cursor.fetchall()
        # What is in the log has passed the contract: no second validation.
        events = [Event.model_construct(None, **dict(zip(FIELDS, row[1:], strict=True))) for row in rows]
        return Waiting(events, rows[-1][0] if rows else 0)

    def mark_shown(self, last: int) -> None:
        """The online store knows every event up to arrival number ``last``."""
        mark = f"UPDATE events SET shown_online = 1 WHERE shown_online = 0 AND {ARRIVAL} <= {self._database.mark}"  # noqa: S608 (names of ours)
        with self._transactions.begin() as cursor:
            cursor.execute(mark, (last,))

    def show_again(self, since: int = 0) -> None:
        """The online store may lack any event that came after the one of this arrival number."""
        with self._transactions.begin() as cursor:
            cursor.execute(f"{_AGAIN} AND {ARRIVAL} > {self._database.mark}", (since,))

    def tells(self, store: str) -> None:
        """Events go to this online store; where those before went to another, or nowhere, it lacks every one.

        Args:
            store: What no other store has.
        """
        with self._transactions.begin() as cursor:
            cursor.execute("SELECT store FROM told")
            if cursor.fetchone() != (store,):
                cursor.execute(_AGAIN)
                cursor.execute("DELETE FROM told")
                cursor.execute(f"INSERT INTO told VALUES ({self._database.mark})", (store,))  # noqa: S608 (a mark of ours)

    @contextmanager
    def alone(self) -> Generator[None]:
        """One collector of those that share the log is in the block at a time; the log goes on taking events."""
        if self._database.alone is None:
            yield
            return
        with self._telling.begin() as cursor:
            cursor.execute(self._database.alone)
            yield

    @property
    def away(self) -> tuple[type[Exception], ...]:
        """What every method raises while the database is away."""
        return self._database.away

    def check(self) -> None:
        """Ask the database for nothing."""
        with self._transactions.begin() as cursor:
            cursor.execute("SELECT 1")

    def close(self) -> None:
        """Let go of the database."""
        self._telling.close()
        self._transactions.close()
