"""A SQLite file that is kept open, and reopened when another has replaced it."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path


class SqliteFile:
    """The connection to the file that is, or will be, at a path now; belongs to one thread."""

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = os.fspath(path)
        self._connect = connect
        self._opened: tuple[tuple[int, int] | None, sqlite3.Connection] | None = None

    def connection(self) -> sqlite3.Connection:
        """The open connection, or a new one where the file is not the one that was opened."""
        if self._opened is None or self._opened[0] is None or self._opened[0] != self._identity():
            self.close()
            connection = self._connect()
            # Read after opening, which may have made the file.
            self._opened = self._identity(), connection
        return self._opened[1]

    def close(self) -> None:
        """Close what is open; the next :meth:`connection` opens it again."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._path)  # noqa: PTH116 (a third of the time of a Path's, for every request)
        except OSError:
            return None
        return status.st_dev, status.st_ino
