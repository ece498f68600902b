"""Where the log of events and impressions is kept: a SQLite file, or PostgreSQL by its address."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from infrastructure.errors import ConfigError
from infrastructure.workspace import Workspace

#: Environment variable with the address of a PostgreSQL that keeps the log; without it, it is the workspace's file.
EVENT_LOG: Final = "EVENT_LOG"
POSTGRES_SCHEMES: Final = ("postgresql://", "postgres://")

_WAIT_SECONDS: Final = 30
#: Any number; among the advisory locks of the log's database it is the one of whoever tells the online store.
_TELLING: Final = 1_652_187_441
#: A server that vanished without a word would else be waited for for hours (libpq's settings, in seconds, and in ms).
_NOTICE_ITS_END: Final[dict[str, Any]] = {
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
        mark: Stands for a value in a statement.
        growing_key: Type of a column that numbers rows as they come.
        lock: Statement that lets one writer at a time add to the events, so that the numbers of what was committed
            only grow: whoever has read up to a number has missed none below it. None where that is so anyway.
        alone: Statement that waits until no other transaction that has said it goes on, whatever else they do. None
            where one process has the log.
        error: What a connection that is lost, and every other mishap, raises.
        away: What is raised while the database cannot be reached, or cannot write just now: to be tried again.
        exists: Statement that finds a table by name.
        file: The file that is the database; None where a server has it.
    """

    connect: Callable[[], Any]
    mark: str
    growing_key: str
    lock: str | None
    alone: str | None
    error: type[Exception]
    away: tuple[type[Exception], ...]
    exists: str
    file: Path | None = None

    @property
    def present(self) -> bool:
        """Whether there is anything to read; connecting to a file that is not there makes it."""
        return self.file is None or self.file.is_file()

    def has(self, cursor: Any, table: str) -> bool:
        """Whether there is such a table."""
        cursor.execute(self.exists, (table,))
        return cursor.fetchone() is not None


def database(workspace: Workspace, variables: Mapping[str, str] = os.environ) -> Database:
    """The log's database: PostgreSQL where ``EVENT_LOG`` names one, else the workspace's file.

    Raises:
        ConfigError: ``EVENT_LOG`` is no address of a PostgreSQL.
    """
    address = variables.get(EVENT_LOG, "")
    if not address:
        return sqlite(workspace.log)
    if not address.startswith(POSTGRES_SCHEMES):
        # Never the address itself: it may hold a password.
        raise ConfigError("The log cannot be kept there.", field=EVENT_LOG, expected="postgresql://user@host/database")
    return postgres(address)


def sqlite(path: Path) -> Database:
    """The log in a file; it is made when it is first written to."""
    return Database(
        connect=lambda: _sqlite(path),
        mark="?",
        growing_key="INTEGER PRIMARY KEY AUTOINCREMENT",
        lock=None,
        alone=None,
        error=sqlite3.Error,
        away=(sqlite3.OperationalError,),
        exists="SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
        file=path,
    )


def postgres(address: str) -> Database:
    """The log in PostgreSQL."""
    return Database(
        connect=lambda: psycopg.connect(address, connect_timeout=_WAIT_SECONDS, **_NOTICE_ITS_END),
        mark="%s",
        growing_key="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        lock="LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE",
        alone=f"SELECT pg_advisory_xact_lock({_TELLING})",
        error=psycopg.Error,
        # The third is a server that only reads, as one is that has not yet taken another's place.
        away=(psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction),
        exists="SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = %s",
    )


def _sqlite(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
