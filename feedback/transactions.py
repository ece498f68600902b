"""One connection to the log's database, shared between threads and opened anew when it is lost."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

from feedback.database import Database


class Transactions:
    """Transactions one after the other, whichever thread begins them.

    Args:
        database: Where.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = Lock()
        self._connection: Any = None

    @contextmanager
    def begin(self) -> Generator[Any]:
        """A cursor whose work is on disk when the block ends, or not done at all.

        Raises:
            Exception: One of ``database.away`` where that is so; every other ``database.error`` is a bug.
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
        """Let go of the database."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(self.database.error):
                connection.close()
