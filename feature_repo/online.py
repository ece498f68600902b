"""How the embedded online store is kept: readable while written, and never set back in time."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def ready_to_write(path: Path, table: str) -> Generator[None]:
    """Let the block write to a table of the store while serving reads it.

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


_NEWER_STAYS = """
CREATE TRIGGER IF NOT EXISTS "{table}_newer_stays" BEFORE UPDATE ON "{table}"
WHEN new.event_ts < old.event_ts
BEGIN SELECT RAISE(IGNORE); END
"""
