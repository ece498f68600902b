"""Feast's embedded online store, read straight from its SQLite file."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from recommender.contract import columns as c
from recommender.features.definitions import CUSTOMER_HISTORY, CUSTOMER_PROFILE
from serving.customers.feast_layout import PROJECT, entity_key
from serving.customers.source import Customer, StoreUnavailableError, customer_from_row
from serving.sqlite_file import SqliteFile

_VIEWS: Final = (CUSTOMER_PROFILE, CUSTOMER_HISTORY)
_LARGEST_READ: Final = 250  # keys in one statement, each once a view; well below SQLite's limit on variables


class SqliteCustomers:
    """Reads Feast's embedded online store; safe to share between threads (a connection each).

    The file may be replaced while it is read; ``timeout`` is how long, in seconds, a writer is waited for.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._uri = f"{path.absolute().as_uri()}?mode=ro"
        self._path = path.absolute()
        self._timeout = timeout
        self._local = threading.local()

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:
        """The known ones among ``customer_ids``; None for one whose row cannot be understood.

        Raises:
            StoreUnavailableError: The file is missing, locked for too long, or not Feast's.
        """
        keys = {entity_key(c.CUSTOMER_ID, customer_id): customer_id for customer_id in customer_ids}
        rows: dict[str, dict[str, bytes]] = {}
        try:
            for key, feature, value in self._rows([*keys]):
                rows.setdefault(keys[key], {})[feature] = value
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailableError(f"{type(error).__name__}: {error}") from error
        return {customer_id: customer_from_row(row) for customer_id, row in rows.items()}

    def _rows(self, keys: list[bytes]) -> Iterator[tuple[bytes, str, bytes]]:
        connection = self._file().connection()
        for start in range(0, len(keys), _LARGEST_READ):
            part = keys[start : start + _LARGEST_READ]
            yield from connection.execute(_statement(len(part)), part * len(_VIEWS))

    def _file(self) -> SqliteFile:
        """The file as this thread has it open."""
        if not hasattr(self._local, "file"):
            connect = partial(sqlite3.connect, self._uri, uri=True, timeout=self._timeout)
            self._local.file = SqliteFile(self._path, connect)
        return self._local.file


@lru_cache
def _statement(keys: int) -> str:
    """Selects all views' features of this many customers: one statement, as each costs more than what it reads."""
    marks = ",".join("?" * keys)
    return " UNION ALL ".join(
        f'SELECT entity_key, feature_name, value FROM "{PROJECT}_{view}" WHERE entity_key IN ({marks})'  # noqa: S608 (names are constants)
        for view in _VIEWS
    )
