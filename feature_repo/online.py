"""The online store: readable while it is written, never set back in time, and recognised by a token."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from redis import Redis

from infrastructure.workspace.online_store import SECONDS, redis_address

_PUBLISHED_KEY: Final = "beauty-recommender:published"
"""Key in a Redis that holds a whole publication."""


@contextmanager
def ready_to_write(path: Path, table: str) -> Generator[None]:
    """Let the block write to a table of the embedded store while serving reads it.

    In SQLite's write-ahead mode readers see the old rows until a whole batch is committed, and an interrupted
    writer leaves the last committed state. A trigger refuses a row that is older than the one it would
    replace, which Feast's SQLite store would take: a purchase pushed while features were computed stays.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(_NEWER_STAYS.format(table=table))
        connection.commit()
        yield
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def write_publication_token(path: Path | None, token: str) -> None:
    """Write ``token`` into the online store; a store that is emptied or made anew loses it.

    ``path`` is the embedded store's file; None where it is the Redis that ``ONLINE_STORE`` names.
    """
    if path is None:
        with _redis() as client:
            client.set(_PUBLISHED_KEY, token)
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS published (mark TEXT)")
        connection.execute("DELETE FROM published")
        connection.execute("INSERT INTO published VALUES (?)", (token,))


def read_publication_token(path: Path | None) -> str | None:
    """The token that :func:`write_publication_token` wrote last; None where it is another store."""
    if path is None:
        with _redis() as client:
            token: Any = client.get(_PUBLISHED_KEY)
            return token.decode() if token else None
    if not path.is_file():
        return None
    with closing(sqlite3.connect(path)) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'published'").fetchone()
        row = connection.execute("SELECT mark FROM published").fetchone() if there else None
    return row[0] if row else None


def _redis() -> Redis:
    return Redis.from_url(redis_address() or "", socket_timeout=SECONDS, socket_connect_timeout=SECONDS)


_NEWER_STAYS = """
CREATE TRIGGER IF NOT EXISTS "{table}_newer_stays" BEFORE UPDATE ON "{table}"
WHEN new.event_ts < old.event_ts
BEGIN SELECT RAISE(IGNORE); END
"""
