"""What a client requests for one customer, and the query that the model is asked for it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from infrastructure import SECONDS_A_DAY
from recommender.contract.query import PROFILE_FIELDS, Profile, Query
from serving.answering.messages import Instance, ProfileMessage
from serving.customers.fallback_constraints import AvoidanceConstraints
from serving.customers.source import Customer

SIMILAR, CUSTOMER, BASKET, ANONYMOUS = "similar", "customer", "basket", "anonymous"

_SORTED_PROFILE_FIELDS: Final = tuple(sorted(PROFILE_FIELDS))
_EMPTY: Final = (None, ())


@dataclass(frozen=True, slots=True)
class RecommendationRequest:
    """What a client requests for one customer.

    Attributes:
        customer_id: "" for nobody in particular: an anonymous basket.
        recent: Products that the caller knows of and the store may not, oldest first.
        similar_to: The product to which similar ones are wanted; then what the customer has is only left out.
    """

    customer_id: str
    k: int
    profile: Profile = field(default_factory=Profile)
    recent: tuple[str, ...] = ()
    similar_to: str | None = None

    @property
    def named_products(self) -> tuple[str, ...]:
        """The products that the request rests on."""
        return (*self.recent, *([self.similar_to] if self.similar_to else []))

    @property
    def kind(self) -> str:
        """What is requested: products like one, or for a customer, a basket, or somebody of whom nothing is known."""
        if self.similar_to is not None:
            return SIMILAR
        return CUSTOMER if self.customer_id else BASKET if self.recent else ANONYMOUS

    @property
    def profile_fields(self) -> str:
        """The names of the profile's fields that are set, in alphabetical order, separated by commas."""
        return ",".join([name for name in _SORTED_PROFILE_FIELDS if getattr(self.profile, name) not in _EMPTY])

    @classmethod
    def from_message(cls, instance: Instance, default_k: int) -> Self:
        """The request in a client's message."""
        profile = instance.profile or ProfileMessage()
        return cls(
            instance.customer_id,
            instance.k or default_k,
            profile.profile(),
            profile.recent or (),
            profile.similar_to,
        )


@dataclass(frozen=True, slots=True)
class RequestBatch:
    """The recommendation requests that came in one HTTP request.

    Attributes:
        requests: One a customer.
        request_id: Names the responses in the log.
        reasons: Whether each product comes with its reasons.
        arrived: When the HTTP request came, by ``time.perf_counter``; None where nobody waits for the response.
    """

    requests: Sequence[RecommendationRequest]
    request_id: str
    reasons: bool = True
    arrived: float | None = None

    def waited(self, now: float) -> float | None:
        """Seconds that somebody has waited for the response."""
        return None if self.arrived is None else now - self.arrived


def build_query(request: RecommendationRequest, customer: Customer | None, constraints: AvoidanceConstraints) -> Query:
    """The request laid over what is stored: avoided ingredients are united, recent products come last.

    Its time is the start of the day, as models reckon in days: so the same request is the same query all day.
    """
    stored = customer or Customer()
    now = int(time.time()) // SECONDS_A_DAY * SECONDS_A_DAY
    profile = request.profile
    age = None if stored.birth_year is None else max(0, time.gmtime().tm_year - stored.birth_year)
    query = Query(
        customer_id=request.customer_id,
        k=request.k,
        products=stored.products + request.recent,
        times=stored.times + (now,) * len(request.recent) if stored.times else (),
        dismissed=stored.dismissed,
        profile=replace(
            profile,
            age=age if profile.age is None else profile.age,
            region=profile.region or stored.region,
            skin_type=profile.skin_type or stored.skin_type,
            concerns=profile.concerns or stored.concerns,
            avoided_ingredients=tuple(dict.fromkeys(constraints.avoided + profile.avoided_ingredients)),
            avoid_unknown_ingredients=True if constraints.cautious else profile.avoid_unknown_ingredients,
        ),
        now=now,
    )
    return query if request.similar_to is None else _similar_products_query(query, request.similar_to)


def _similar_products_query(query: Query, product_id: str) -> Query:
    """The query for products like one: it alone is the history; nothing the customer has, nor a variant, is shown."""
    profile = replace(query.profile, exclude=(*query.profile.exclude, *query.products, product_id), rebuys=0)
    return replace(query, products=(product_id,), times=(), owned=query.products, profile=profile)
