"""The rows of one customer in databases: the log (SQLite and PostgreSQL) and Feast's online store (SQLite, Redis)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redis import Redis

from feedback.database import Database
from infrastructure.workspace.online_store import ONLINE_STORE, SECONDS
from privacy.identity import CustomerIdentity
from recommender.contract import columns as c
from recommender.contract.impressions import CUSTOMER, SHADOW, SHOWN
from recommender.features.definitions import VIEWS
from serving.customers.feast_layout import PROJECT

WAIT_SECONDS: Final = 30
#: Column of the customer in each table of the log; the first has ids, the others pseudonyms.
LOG_COLUMNS: Final = {c.EVENTS: c.CUSTOMER_ID, SHOWN: CUSTOMER, SHADOW: CUSTOMER}
ONLINE_TABLES: Final = tuple(f"{PROJECT}_{view.name}" for view in VIEWS if view.entity == c.CUSTOMER_ID)
ENTITY_KEY: Final = "entity_key"


@dataclass(frozen=True)
class LogRows:
    """The log of events and impressions."""

    name: str
    log: Database

    def count(self, customer: CustomerIdentity) -> int:
        """How many rows are the customer's."""
        return self._each(customer, "SELECT count(*)")

    def remove(self, customer: CustomerIdentity) -> None:
        """Delete them in one transaction."""
        self._each(customer, "DELETE")
        if self.log.file is not None:
            scrub(self.log.file)

    def settle(self, resumed: bool) -> None:
        """A database undoes by itself what was not committed; after a kill, deleted rows may be in a file's pages."""
        if resumed and self.log.file is not None:
            scrub(self.log.file)

    def _each(self, customer: CustomerIdentity, action: str) -> int:
        """Do it to the customer's rows of each table; returns the sum of what was counted."""
        with closing(self.log.connect()) as connection:
            cursor, total = connection.cursor(), 0
            secure(connection)
            for table, column in LOG_COLUMNS.items():
                if self.log.has_table(cursor, table):
                    for name in self._names(cursor, table, customer):
                        cursor.execute(f"{action} FROM {table} WHERE {column} = {self.log.placeholder}", (name,))
                        total += cursor.fetchone()[0] if cursor.description else 0
            connection.commit()
            return total

    def _names(self, cursor: Any, table: str, customer: CustomerIdentity) -> list[str]:
        """The customer's names in a table."""
        if table != c.EVENTS:
            return [*customer.pseudonyms]
        cursor.execute(f"SELECT DISTINCT {c.CUSTOMER_ID} FROM {table}")  # noqa: S608 (names of ours)
        return [name for (name,) in cursor.fetchall() if customer.is_named(name)]


@dataclass(frozen=True)
class OnlineFileRows:
    """Feast's online store in a SQLite file."""

    name: str
    path: Path

    def count(self, customer: CustomerIdentity) -> int:
        """How many features of the customer are there."""
        with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS)) as connection:
            return sum(self._count(connection, table, key) for table, key in self._keys(connection, customer))

    def remove(self, customer: CustomerIdentity) -> None:
        """Delete them in one transaction."""
        with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS)) as connection:
            secure(connection)
            for table, key in [*self._keys(connection, customer)]:
                connection.execute(f'DELETE FROM "{table}" WHERE {ENTITY_KEY} = ?', (key,))  # noqa: S608 (names of ours)
            connection.commit()
        scrub(self.path)

    def settle(self, resumed: bool) -> None:
        """After a kill, deleted rows may be in the file's pages."""
        if resumed:
            scrub(self.path)

    def _keys(self, connection: sqlite3.Connection, customer: CustomerIdentity) -> Iterator[tuple[str, bytes]]:
        """The customer's key in each table that has it."""
        for table in ONLINE_TABLES:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                found = connection.execute(f'SELECT DISTINCT {ENTITY_KEY} FROM "{table}"')  # noqa: S608 (names of ours)
                yield from ((table, key) for (key,) in found.fetchall() if customer.is_keyed(key))

    def _count(self, connection: sqlite3.Connection, table: str, key: bytes) -> int:
        statement = f'SELECT count(*) FROM "{table}" WHERE {ENTITY_KEY} = ?'  # noqa: S608 (names of ours)
        return connection.execute(statement, (key,)).fetchone()[0]


@dataclass(frozen=True)
class RedisRows:
    """Feast's online store in a Redis: one hash a customer, with the features of every view."""

    address: str
    name: str = ONLINE_STORE

    def count(self, customer: CustomerIdentity) -> int:
        """How many hashes are the customer's."""
        with self._client() as client:
            found: Any = client.exists(*_redis_keys(customer))
            return found

    def remove(self, customer: CustomerIdentity) -> None:
        """Delete them."""
        with self._client() as client:
            client.delete(*_redis_keys(customer))

    def settle(self, resumed: bool) -> None:
        """Redis deletes at once."""

    def _client(self) -> Redis:
        return Redis.from_url(self.address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)


def _redis_keys(customer: CustomerIdentity) -> list[Any]:
    return [key + PROJECT.encode() for key in customer.entity_keys]


def secure(connection: Any) -> None:
    """Have SQLite overwrite what it deletes with zeros."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA secure_delete = ON")


def scrub(path: Path) -> None:
    """Write a SQLite file anew, so that no page of it or of its write-ahead log has deleted rows."""
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
