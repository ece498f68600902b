"""The event log: durable before it answers, each event once."""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from monitoring.events import Event

FIELDS: Final = tuple(Event.model_fields)
#: Order of arrival, which neither an app's clock nor a late event changes.
ARRIVAL: Final = "arrival"

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS events (
    {ARRIVAL} INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    type TEXT NOT NULL,
    time REAL NOT NULL,
    session_id TEXT,
    product_id TEXT,
    query TEXT,
    value REAL,
    request_id TEXT,
    received REAL NOT NULL,
    shown_online INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_request ON events (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_waiting ON events (arrival) WHERE shown_online = 0;
"""
_INSERT = f"""
INSERT INTO events ({", ".join(FIELDS)}, received) VALUES ({", ".join("?" * len(FIELDS))}, ?)
ON CONFLICT (event_id) DO NOTHING
"""  # noqa: S608 (names only, of our own model)
_WAITING = f"SELECT {ARRIVAL}, {', '.join(FIELDS)} FROM events WHERE shown_online = 0 ORDER BY {ARRIVAL}"  # noqa: S608

_MARK = f"UPDATE events SET shown_online = 1 WHERE shown_online = 0 AND {ARRIVAL} <= ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Waiting:
    """Events that the online store may not know yet, and the arrival number of the last of them."""

    events: list[Event]
    last: int


class EventLog:
    """Events in SQLite (write-ahead log, synced at each commit); safe to share between threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._connection = connect(path)
        self._connection.executescript(_SCHEMA)

    def add(self, events: Sequence[Event]) -> int:
        """Log ``events`` and return how many were new; they are on disk when this returns."""
        received = time.time()
        rows = [(*(getattr(event, field) for field in FIELDS), received) for event in events]
        with self._lock, self._connection:
            return self._connection.executemany(_INSERT, rows).rowcount if rows else 0

    def waiting(self) -> Waiting:
        """Events not yet marked by :meth:`mark_shown`, in order of arrival."""
        with self._lock:
            rows = self._connection.execute(_WAITING).fetchall()
        # What is in the log has passed the contract: no second validation.
        events = [Event.model_construct(None, **dict(zip(FIELDS, row[1:], strict=True))) for row in rows]
        return Waiting(events, rows[-1][0] if rows else 0)

    def mark_shown(self, last: int) -> None:
        """The online store knows every event up to arrival number ``last``."""
        with self._lock, self._connection:
            self._connection.execute(_MARK, (last,))

    def show_again(self) -> None:
        """The online store was made anew and may lack any event."""
        with self._lock, self._connection:
            self._connection.execute("UPDATE events SET shown_online = 0")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return, and which waits for other writers."""
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
