"""What a client asks for one customer, and the query that it becomes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final, Self

from infrastructure.clock import SECONDS_A_DAY
from recommender.contract.query import Profile, Query
from serving.answering.messages import Instance, ProfileMessage
from serving.customers.fallback_constraints import Limits
from serving.customers.source import Customer

SIMILAR, CUSTOMER, BASKET, ANONYMOUS = "similar", "customer", "basket", "anonymous"

_OF_PROFILES: Final = tuple(sorted(part.name for part in fields(Profile)))
_NOT_SAID: Final = (None, ())


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for one customer.

    Attributes:
        customer_id: "" for nobody in particular: an anonymous basket.
        recent: Products that the caller knows of and the store may not, oldest first.
        similar_to: The product to which others are sought; then what the customer has is only left out.
    """

    customer_id: str
    k: int
    profile: Profile = field(default_factory=Profile)
    recent: tuple[str, ...] = ()
    similar_to: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The products that the wish rests on."""
        return (*self.recent, *([self.similar_to] if self.similar_to else []))

    @property
    def kind(self) -> str:
        """What is asked for: products like one, or for a customer, a basket, or somebody of whom nothing is told."""
        if self.similar_to is not None:
            return SIMILAR
        return CUSTOMER if self.customer_id else BASKET if self.recent else ANONYMOUS

    @property
    def brought(self) -> str:
        """The names of what the profile says, in order, with commas between."""
        return ",".join([name for name in _OF_PROFILES if getattr(self.profile, name) not in _NOT_SAID])

    @classmethod
    def of(cls, instance: Instance, default_k: int) -> Self:
        """The wish in a client's message."""
        profile = instance.profile or ProfileMessage()
        return cls(
            instance.customer_id,
            instance.k or default_k,
            profile.profile(),
            profile.recent or (),
            profile.similar_to,
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        wishes: One a customer.
        request_id: Names the answers in the log.
        reasons: Whether each product comes with its reasons.
        arrived: When the request came, by ``time.perf_counter``; None where nobody waits for the answer.
    """

    wishes: Sequence[Wish]
    request_id: str
    reasons: bool = True
    arrived: float | None = None

    def waited(self, now: float) -> float | None:
        """Seconds that somebody has waited for the answer."""
        return None if self.arrived is None else now - self.arrived


def query(wish: Wish, customer: Customer | None, limits: Limits) -> Query:
    """The wish laid over what is stored: avoided ingredients are united, recent products come last.

    It says the day and no second, as models reckon in days: so the same wish is the same query all day.
    """
    stored = customer or Customer()
    now = int(time.time()) // SECONDS_A_DAY * SECONDS_A_DAY
    found = Query(
        customer_id=wish.customer_id,
        k=wish.k,
        products=stored.products + wish.recent,
        times=stored.times + (now,) * len(wish.recent) if stored.times else (),
        dismissed=stored.dismissed,
        profile=replace(
            wish.profile,
            age=_age(stored.birth_year) if wish.profile.age is None else wish.profile.age,
            region=wish.profile.region or stored.region,
            skin_type=wish.profile.skin_type or stored.skin_type,
            concerns=wish.profile.concerns or stored.concerns,
            avoided_ingredients=tuple(dict.fromkeys(limits.avoided + wish.profile.avoided_ingredients)),
            avoid_unknown_ingredients=True if limits.cautious else wish.profile.avoid_unknown_ingredients,
        ),
        now=now,
    )
    return found if wish.similar_to is None else _like(found, wish.similar_to)


def _like(found: Query, product_id: str) -> Query:
    """The query for products like one: it alone is the history, and nothing the customer has is shown."""
    unwanted = (*found.profile.exclude, *found.products, product_id)
    return replace(found, products=(product_id,), times=(), profile=replace(found.profile, exclude=unwanted, rebuys=0))


def _age(birth_year: int | None) -> int | None:
    return None if birth_year is None else max(0, time.gmtime().tm_year - birth_year)
