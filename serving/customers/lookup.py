"""Asking for customers when the store may fail: it is left alone for a while, and what it said last is remembered."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.customers.latest import Latest
from serving.customers.source import Customer, CustomerSource, StoreUnavailableError
from serving.observability import metrics

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the customers who were asked for.

    Attributes:
        customers: The known ones, by id.
        unread: Those of whom the store could not be read now; what is known of them it said a while ago.
    """

    customers: Mapping[str, Customer]
    unread: frozenset[str] = frozenset()


class Lookup:
    """Looks customers up; never fails.

    Args:
        source: The online store.
        capacity: Customers remembered, the latest.
        seconds: How long what the store said is remembered.
    """

    def __init__(self, source: CustomerSource, capacity: int, seconds: float) -> None:
        self._source = source
        self._memory = _Memory(capacity, seconds)

    def find(self, customer_ids: Sequence[str]) -> Found:
        """Those of ``customer_ids`` that the store knows, or knew when it could last be read."""
        if not customer_ids:
            return Found({})
        try:
            said = self._source.read(customer_ids)
        except StoreUnavailableError:
            return Found(self._memory.recall(customer_ids), frozenset(customer_ids))
        customers = {customer_id: customer for customer_id, customer in said.items() if customer is not None}
        self._memory.keep(customers)
        if len(customers) == len(said):
            return Found(customers)
        spoilt = frozenset(said) - frozenset(customers)
        metrics.STORE_SPOILT.inc(len(spoilt))
        return Found({**customers, **self._memory.recall([*spoilt])}, spoilt)


class _Memory:
    """The customers read last."""

    def __init__(self, capacity: int, seconds: float) -> None:
        self._seconds = seconds
        self._kept = Latest[str, tuple[float, Customer]](capacity)

    def keep(self, customers: Mapping[str, Customer]) -> None:
        now = time.monotonic()
        for customer_id, customer in customers.items():
            self._kept.keep(customer_id, (now, customer))

    def recall(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        oldest = time.monotonic() - self._seconds
        found = {customer_id: self._kept.get(customer_id) for customer_id in customer_ids}
        return {customer_id: one[1] for customer_id, one in found.items() if one and one[0] >= oldest}


class GuardedCustomers:
    """Leaves a failed store alone for a while, so that a slow one delays one request and not every one."""

    def __init__(self, source: CustomerSource, retry_seconds: float) -> None:
        self._source = source
        self._retry_seconds = retry_seconds
        self._closed_until = 0.0

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:
        """The known ones among ``customer_ids``; None for one whose row cannot be understood.

        Raises:
            StoreUnavailableError: The store cannot be read, or could not a moment ago.
        """
        if time.monotonic() < self._closed_until:
            metrics.STORE_READS.labels("skipped").inc()
            raise StoreUnavailableError("the store failed a moment ago")
        try:
            with metrics.STORE_SECONDS.time():
                found = self._source.read(customer_ids)
        except StoreUnavailableError as error:
            self._failed(error)
            raise
        self._succeeded()
        return found

    def _failed(self, error: StoreUnavailableError) -> None:
        metrics.STORE_READS.labels("failed").inc()
        if not self._closed_until:
            logger.warning("the online store cannot be read: %s", error)
        self._closed_until = time.monotonic() + self._retry_seconds

    def _succeeded(self) -> None:
        metrics.STORE_READS.labels("answered").inc()
        if self._closed_until:
            logger.info("the online store can be read again")
            self._closed_until = 0.0
