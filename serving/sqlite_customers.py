"""Feast's embedded online store, read straight from its SQLite file."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from recommender import columns as c
from recommender.features.definitions import CUSTOMER_HISTORY, CUSTOMER_PROFILE
from serving.customers import Customer, StoreUnavailableError, customer_of
from serving.feast_layout import PROJECT, entity_key

_LARGEST_READ: Final = 500  # keys in one statement, well below SQLite's limit on variables


class SqliteCustomers:
    """Reads Feast's embedded online store; safe to share between threads (a connection each).

    Args:
        path: The SQLite file; it may be replaced by another while it is read.
        timeout: Seconds to wait while a writer holds the file.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path.absolute()
        self._timeout = timeout
        self._local = threading.local()

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:
        """The known ones among ``customer_ids``; None for one whose row cannot be understood.

        Raises:
            StoreUnavailableError: The file is missing, locked for too long, or not Feast's.
        """
        keys = {entity_key(c.CUSTOMER_ID, customer_id): customer_id for customer_id in customer_ids}
        found: dict[str, dict[str, bytes]] = {}
        try:
            for view in (CUSTOMER_PROFILE, CUSTOMER_HISTORY):
                for key, feature, value in self._rows(view, list(keys)):
                    found.setdefault(keys[key], {})[feature] = value
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailableError(f"{type(error).__name__}: {error}") from error
        return {customer_id: customer_of(row) for customer_id, row in found.items()}

    def _rows(self, view: str, keys: list[bytes]) -> Iterator[tuple[bytes, str, bytes]]:
        connection = self._connection()
        for start in range(0, len(keys), _LARGEST_READ):
            part = keys[start : start + _LARGEST_READ]
            marks = ",".join("?" * len(part))
            statement = f'SELECT entity_key, feature_name, value FROM "{PROJECT}_{view}" WHERE entity_key IN ({marks})'  # noqa: S608 (names are constants)
            yield from connection.execute(statement, part)

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection to the file that stands at the path now."""
        status = self._path.stat()
        file = (status.st_dev, status.st_ino)
        if getattr(self._local, "file", None) != file:
            self._local.connection = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, timeout=self._timeout)
            self._local.file = file
        return self._local.connection
