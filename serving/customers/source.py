"""What the online feature store knows of customers, and how a stored row becomes a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from recommender.contract import columns as c
from recommender.features.definitions import DISMISSED, RECENT_PRODUCTS, RECENT_TIMES
from serving.customers.feast_layout import FeatureValue, decode_value

FeatureRow = dict[str, FeatureValue]
T = TypeVar("T", str, int)


class StoreUnavailableError(Exception):
    """The online store cannot be read now; requests are answered without it."""


@dataclass(frozen=True, slots=True)
class Customer:
    """What the store knows of one customer: the views' values, empty where there are none.

    Attributes:
        products: Ids of the latest products, oldest first.
        times: Seconds since 1970 of each of ``products``, or empty.
        avoided_ingredients: None where the store has no profile of the customer: then it does not say.
    """

    products: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    dismissed: tuple[str, ...] = ()
    birth_year: int | None = None
    region: str | None = None
    skin_type: str | None = None
    concerns: tuple[str, ...] = ()
    avoided_ingredients: tuple[str, ...] | None = None


class CustomerSource(Protocol):
    """Anything that can be asked what is known of customers."""

    def read(self, customer_ids: Sequence[str]) -> "dict[str, Customer | None]":
        """The known ones among ``customer_ids``; None for one whose row cannot be understood.

        Raises:
            StoreUnavailableError: The store cannot be read.
        """
        ...


class NoCustomers:
    """Where no store is configured: nobody is known."""

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:  # noqa: ARG002
        """No customer."""
        return {}


def customer_from_row(row: Mapping[str, bytes]) -> Customer | None:
    """The views' values, as Feast serialized them, as a customer; None where one is not what its feature is."""
    try:
        return _customer({name: decode_value(value) for name, value in row.items()})
    except (ValueError, TypeError):  # bytes of another meaning, or no bytes at all
        return None


def _customer(row: FeatureRow) -> Customer:
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
        avoided_ingredients=_list(row, c.AVOIDED_INGREDIENTS, str) if c.AVOIDED_INGREDIENTS in row else None,
    )


def _optional(row: FeatureRow, name: str, kind: type[T]) -> T | None:
    value = row.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise ValueError(f"{name} should be {kind.__name__}, not {type(value).__name__}")


def _list(row: FeatureRow, name: str, kind: type[T]) -> tuple[T, ...]:
    """The items of a list feature; an empty list of any type is written alike, and missing means empty."""
    value = row.get(name)
    items = [] if value is None else value
    if not isinstance(items, list):
        raise ValueError(f"{name} should be a list, not {type(items).__name__}")
    if not all(isinstance(item, kind) for item in items):
        raise ValueError(f"{name} should be a list of {kind.__name__}")
    return tuple(cast("list[T]", items))
