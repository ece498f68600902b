"""Feast's online store on Redis, read without Feast: one hash a customer, one field a feature."""

import struct
from collections.abc import Sequence
from typing import Any, Final

import mmh3
from redis import Redis, RedisError, ResponseError
from redis.backoff import NoBackoff
from redis.retry import Retry

from recommender.contract import columns as c
from recommender.features.definitions import CUSTOMER_HISTORY, CUSTOMER_PROFILE, view
from serving.customers.feast_layout import PROJECT, entity_key
from serving.customers.source import Customer, StoreUnavailableError, customer_from_row


def hash_field(view_name: str, feature: str) -> bytes:
    """The field of a customer's hash that holds a feature: its murmur3 hash, little-endian."""
    return struct.pack("<I", mmh3.hash(f"{view_name}:{feature}", signed=False))


_FEATURES: Final = {
    hash_field(name, feature.name): feature.name
    for name in (CUSTOMER_PROFILE, CUSTOMER_HISTORY)
    for feature in view(name).features
}


_WRONG_TYPE: Final = "WRONGTYPE"


class RedisCustomers:
    """Reads Feast's online store on Redis; safe to share between threads.

    ``timeout`` is for a connection, and for each part of an answer, in seconds.
    """

    def __init__(self, url: str, timeout: float) -> None:
        # A second try would wait again; the request is answered without the store instead.
        self._redis = Redis.from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 0)
        )

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:
        """The known ones among ``customer_ids``; None for one whose row cannot be understood.

        Raises:
            StoreUnavailableError: Redis does not answer in time, or refuses.
        """
        try:
            rows = zip(customer_ids, self._values(customer_ids), strict=True)
            features = {customer_id: _row(values) for customer_id, values in rows}
        except (RedisError, OSError, ValueError) as error:
            # Its text may name a key, and so a customer.
            raise StoreUnavailableError(type(error).__name__) from None
        return {id_: customer_from_row(row) if row is not None else None for id_, row in features.items() if row != {}}

    def _values(self, customer_ids: Sequence[str]) -> list[Any]:
        """Each customer's values in the order of ``_FEATURES``, or an error, all in one round trip."""
        pipeline = self._redis.pipeline(transaction=False)
        for customer_id in customer_ids:
            # redis is typed as if keys were texts only.
            key: Any = entity_key(c.CUSTOMER_ID, customer_id) + PROJECT.encode()
            pipeline.hmget(key, [*_FEATURES])
        return pipeline.execute(raise_on_error=False)


def _row(values: Any) -> dict[str, bytes] | None:
    """The features that are there, none for a customer who is not known; None where the key holds something else.

    Raises:
        RedisError: Redis refuses.
    """
    if isinstance(values, ResponseError) and str(values).startswith(_WRONG_TYPE):
        return None
    if isinstance(values, Exception):
        raise values
    return {name: value for name, value in zip(_FEATURES.values(), values, strict=True) if value is not None}
