"""Customers looked up in a store that may fail: a circuit breaker, and a cache of what the store last said."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from serving.customers.source import Customer, CustomerSource, StoreUnavailableError
from serving.observability import metrics

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CustomerLookupResult:
    """What is known of the customers who were looked up.

    Attributes:
        customers: The known ones, by id.
        unread: Those whom the store could not be read for now; what is known of them it said a while ago.
    """

    customers: Mapping[str, Customer]
    unread: frozenset[str] = frozenset()


class CustomerLookup:
    """Looks customers up; never fails. Those used last are cached for some seconds."""

    def __init__(self, source: CustomerSource, capacity: int, seconds: float) -> None:
        self._source = source
        self._cache = _CustomerCache(capacity, seconds)

    def find(self, customer_ids: Sequence[str]) -> CustomerLookupResult:
        """Those of ``customer_ids`` that the store knows, or knew when it could last be read."""
        if not customer_ids:
            return CustomerLookupResult({})
        try:
            rows = self._source.read(customer_ids)
        except StoreUnavailableError:
            return CustomerLookupResult(self._cache.get(customer_ids), frozenset(customer_ids))
        customers = {customer_id: customer for customer_id, customer in rows.items() if customer is not None}
        self._cache.add(customers)
        if len(customers) == len(rows):
            return CustomerLookupResult(customers)
        spoilt = frozenset(rows) - frozenset(customers)
        metrics.STORE_SPOILT.inc(len(spoilt))
        return CustomerLookupResult({**customers, **self._cache.get([*spoilt])}, spoilt)


class _CustomerCache:
    """The customers read last; safe to share between threads.

    A ``TTLCache`` would drop the old ones by itself, but takes more than twice as long at every read of the store.
    """

    def __init__(self, capacity: int, seconds: float) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._read: LRUCache[str, tuple[float, Customer]] = LRUCache(capacity)
        self._lock = threading.Lock()

    def add(self, customers: Mapping[str, Customer]) -> None:
        """Cache customers as read now."""
        if not self._capacity:
            return
        now = time.monotonic()
        with self._lock:
            for customer_id, customer in customers.items():
                self._read[customer_id] = (now, customer)

    def get(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        """Those that were read lately enough."""
        oldest = time.monotonic() - self._seconds
        with self._lock:
            rows = {customer_id: self._read.get(customer_id) for customer_id in customer_ids}
        return {customer_id: row[1] for customer_id, row in rows.items() if row and row[0] >= oldest}


class CircuitBreaker:
    """Stops asking a failed store for a while, so that a slow one delays one request and not every one."""

    def __init__(self, source: CustomerSource, retry_seconds: float) -> None:
        self._source = source
        self._retry_seconds = retry_seconds
        self._open_until = 0.0

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:
        """The known ones among ``customer_ids``; None for one whose row cannot be understood.

        Raises:
            StoreUnavailableError: The store cannot be read, or could not a moment ago.
        """
        if time.monotonic() < self._open_until:
            metrics.STORE_READS.labels("skipped").inc()
            raise StoreUnavailableError("the store failed a moment ago")
        try:
            with metrics.STORE_SECONDS.time():
                customers = self._source.read(customer_ids)
        except StoreUnavailableError as error:
            self._failed(error)
            raise
        self._succeeded()
        return customers

    def _failed(self, error: StoreUnavailableError) -> None:
        metrics.STORE_READS.labels("failed").inc()
        if not self._open_until:
            logger.warning("the online store cannot be read: %s", error)
        self._open_until = time.monotonic() + self._retry_seconds

    def _succeeded(self) -> None:
        metrics.STORE_READS.labels("answered").inc()
        if self._open_until:
            logger.info("the online store can be read again")
            self._open_until = 0.0
