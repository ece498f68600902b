"""What a client asks for one customer, and the query that it becomes."""

import time
from dataclasses import dataclass, field, replace
from typing import Self

from recommender.query import Profile, Query
from serving.caution import Limits
from serving.contract import Instance, ProfileMessage
from serving.customers import Customer


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for one customer.

    Attributes:
        customer_id: "" for nobody in particular: an anonymous basket.
        recent: Products that the caller knows of and the store may not, oldest first.
    """

    customer_id: str
    k: int
    profile: Profile = field(default_factory=Profile)
    recent: tuple[str, ...] = ()

    @classmethod
    def of(cls, instance: Instance, default_k: int) -> Self:
        """The wish in a client's message."""
        profile = instance.profile or ProfileMessage()
        return cls(instance.customer_id, instance.k or default_k, profile.profile(), profile.recent or ())


def query(wish: Wish, customer: Customer | None, limits: Limits) -> Query:
    """The wish laid over what is stored: avoided ingredients are united, recent products come last."""
    stored = customer or Customer()
    now = int(time.time())
    return Query(
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


def _age(birth_year: int | None) -> int | None:
    return None if birth_year is None else max(0, time.gmtime().tm_year - birth_year)
