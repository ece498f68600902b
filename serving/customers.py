"""What the online feature store knows of customers, read straight from Feast's SQLite file."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar, cast

from recommender import columns as c
from recommender.features.definitions import (
    CUSTOMER_HISTORY,
    CUSTOMER_PROFILE,
    DISMISSED,
    RECENT_PRODUCTS,
    RECENT_TIMES,
)
from serving.feast_layout import FeatureValue, decode_value, entity_key

PROJECT: Final = "beauty"
"""As in ``feature_repo/feature_store.yaml``; the online tables' names begin with it."""

_LARGEST_READ = 500  # keys in one statement, well below SQLite's limit on variables

Row = dict[str, FeatureValue]
T = TypeVar("T", str, int)


class StoreUnavailableError(Exception):
    """The online store cannot be read now; requests are answered without it."""


@dataclass(frozen=True, slots=True)
class Customer:
    """What the store knows of one customer: the views' values, empty where there are none.

    Attributes:
        products: Ids of the latest products, oldest first.
        times: Seconds since 1970 of each of ``products``, or empty.
    """

    products: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    dismissed: tuple[str, ...] = ()
    birth_year: int | None = None
    region: str | None = None
    skin_type: str | None = None
    concerns: tuple[str, ...] = ()
    avoided_ingredients: tuple[str, ...] = ()


class CustomerSource(Protocol):
    """Anything that can be asked what is known of customers."""

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        """The known ones among ``customer_ids``.

        Raises:
            StoreUnavailableError: The store cannot be read.
        """
        ...


class NoCustomers:
    """Where no store is configured: nobody is known."""

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer]:  # noqa: ARG002
        """No customer."""
        return {}


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

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        """The known ones among ``customer_ids``.

        Raises:
            StoreUnavailableError: The file is missing, locked for too long, or not Feast's.
        """
        keys = {entity_key(c.CUSTOMER_ID, customer_id): customer_id for customer_id in customer_ids}
        try:
            profiles = self._view(CUSTOMER_PROFILE, keys)
            histories = self._view(CUSTOMER_HISTORY, keys)
            return {id_: _customer({**profiles.get(id_, {}), **histories.get(id_, {})}) for id_ in profiles | histories}
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StoreUnavailableError(f"{type(error).__name__}: {error}") from error

    def _view(self, view: str, keys: dict[bytes, str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for key, feature, value in self._rows(view, list(keys)):
            found.setdefault(keys[key], {})[feature] = decode_value(value)
        return found

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


class GuardedCustomers:
    """Leaves a failed store alone for a while, so that a slow one delays one request and not every one."""

    def __init__(self, source: CustomerSource, retry_seconds: float) -> None:
        self._source = source
        self._retry_seconds = retry_seconds
        self._closed_until = 0.0

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        """The known ones among ``customer_ids``.

        Raises:
            StoreUnavailableError: The store cannot be read, or could not a moment ago.
        """
        if time.monotonic() < self._closed_until:
            raise StoreUnavailableError("the store failed a moment ago")
        try:
            return self._source.read(customer_ids)
        except StoreUnavailableError:
            self._closed_until = time.monotonic() + self._retry_seconds
            raise


def _customer(row: Row) -> Customer:
    """The views' values as a customer.

    Raises:
        ValueError: A value has not the type its feature has.
    """
    products, times = _list(row, RECENT_PRODUCTS, str), _list(row, RECENT_TIMES, int)
    if times and len(times) != len(products):
        raise ValueError(f"{RECENT_TIMES} should be empty or as many as {RECENT_PRODUCTS}")
    return Customer(
        products=products,
        times=times,
        dismissed=_list(row, DISMISSED, str),
        birth_year=_optional(row, c.BIRTH_YEAR, int),
        region=_optional(row, c.REGION, str),
        skin_type=_optional(row, c.SKIN_TYPE, str),
        concerns=_list(row, c.CONCERNS, str),
        avoided_ingredients=_list(row, c.AVOIDED_INGREDIENTS, str),
    )


def _optional(row: Row, name: str, kind: type[T]) -> T | None:
    value = row.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise ValueError(f"{name} should be {kind.__name__}, not {type(value).__name__}")


def _list(row: Row, name: str, kind: type[T]) -> tuple[T, ...]:
    """The items of a list feature; an empty list of any type is written alike, and missing means empty."""
    value = row.get(name)
    items = [] if value is None else value
    if not isinstance(items, list):
        raise ValueError(f"{name} should be a list, not {type(items).__name__}")
    if not all(isinstance(item, kind) for item in items):
        raise ValueError(f"{name} should be a list of {kind.__name__}")
    return tuple(cast("list[T]", items))
