"""Where the log of events and impressions is kept: a SQLite file, or PostgreSQL by its address."""

import os
import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

import psycopg

from infrastructure.environment import read_text
from infrastructure.errors import ConfigError
from infrastructure.workspace import Workspace

#: Environment variable with the address of a PostgreSQL that keeps the log; without it, it is the workspace's file.
EVENT_LOG: Final = "EVENT_LOG"
POSTGRES_SCHEMES: Final = ("postgresql://", "postgres://")

_WAIT_SECONDS: Final = 30
#: Key of the advisory lock that the process which updates the online store holds; the number is arbitrary.
_ONLINE_STORE_LOCK: Final = 1_652_187_441
#: Without these a client would wait for hours for a server that vanished (libpq's settings, in seconds, and in ms).
_KEEPALIVES: Final[dict[str, Any]] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


@dataclass(frozen=True)
class Database:
    """What differs between two kinds of database.

    Attributes:
        connect: Opens a connection whose commits are on disk when they return, and which waits for other writers.
        placeholder: Stands for a value in a statement.
        growing_key: Type of a column that numbers rows in order of arrival.
        write_lock: Statement that lets one writer at a time add events, so that committed arrival numbers only grow:
            whoever has read up to a number has missed none below it. None where the database does so anyway.
        advisory_lock: Statement that waits until no other transaction holds the same advisory lock. None where only
            one process uses the log.
        error: Base class of every error of the driver, a lost connection included.
        unavailable_errors: Errors of a database that cannot be reached, or cannot write just now: try again later.
        exists: Statement that finds a table by name.
        file: The file that is the database; None where a server has it.
    """

    connect: Callable[[], Any]
    placeholder: str
    growing_key: str
    write_lock: str | None
    advisory_lock: str | None
    error: type[Exception]
    unavailable_errors: tuple[type[Exception], ...]
    exists: str
    file: Path | None = None

    @property
    def is_present(self) -> bool:
        """Whether there is anything to read; connecting to a missing file would create it."""
        return self.file is None or self.file.is_file()

    def has_table(self, cursor: Any, table: str) -> bool:
        """Whether there is such a table."""
        cursor.execute(self.exists, (table,))
        return cursor.fetchone() is not None


def database(workspace: Workspace, variables: Mapping[str, str] = os.environ) -> Database:
    """The log's database: PostgreSQL where ``EVENT_LOG`` names one, else the workspace's file.

    Raises:
        ConfigError: ``EVENT_LOG`` is no address of a PostgreSQL.
    """
    address = read_text(EVENT_LOG, variables=variables)
    if not address:
        return sqlite(workspace.log)
    if not address.startswith(POSTGRES_SCHEMES):
        # Never the address itself: it may hold a password.
        raise ConfigError("The log cannot be kept there.", field=EVENT_LOG, expected="postgresql://user@host/database")
    return postgres(address)


def sqlite(path: Path) -> Database:
    """The log in a SQLite file, which is created by the first write."""
    return Database(
        connect=lambda: _sqlite(path),
        placeholder="?",
        growing_key="INTEGER PRIMARY KEY AUTOINCREMENT",
        write_lock=None,
        advisory_lock=None,
        error=sqlite3.Error,
        unavailable_errors=(sqlite3.OperationalError,),
        exists="SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
        file=path,
    )


def postgres(address: str) -> Database:
    """The log in PostgreSQL."""
    return Database(
        connect=lambda: psycopg.connect(address, connect_timeout=_WAIT_SECONDS, **_KEEPALIVES),
        placeholder="%s",
        growing_key="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        write_lock="LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE",
        advisory_lock=f"SELECT pg_advisory_xact_lock({_ONLINE_STORE_LOCK})",
        error=psycopg.Error,
        # The third comes from a read-only server, such as a standby that is not promoted yet.
        unavailable_errors=(psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction),
        exists="SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = %s",
    )


def _sqlite(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


class Transactions:
    """Transactions one after the other on one shared connection, whichever thread begins them; reopened when lost."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = Lock()
        self._connection: Any = None

    @contextmanager
    def begin(self) -> Generator[Any]:
        """A cursor whose work is on disk when the block ends, or rolled back.

        Raises:
            Exception: One of ``database.unavailable_errors``; every other ``database.error`` is a bug.
        """
        with self._lock:
            if self._connection is None:
                self._connection = self.database.connect()
            try:
                yield self._connection.cursor()
                self._connection.commit()
            except BaseException:
                # The connection may be gone; the next transaction opens another.
                self._drop()
                raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(self.database.error):
                connection.close()
