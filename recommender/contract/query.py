"""What the engine is asked and what it answers: the same types in evaluation, batch and serving."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

MAXIMUM_K: Final = 100
"""The longest list that can be asked for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known or wished of a customer beside the history; everything may be missing.

    Attributes:
        age: Years.
        region: As in the customers table.
        skin_type: One of ``columns.SKIN_TYPES``.
        concerns: Names or synonyms of concerns, as in ``recommender/knowledge/concerns.yaml``; others are ignored.
        avoided_ingredients: INCI names, synonyms or families; no product with one is ever shown.
        avoid_unknown_ingredients: Also refuse products whose ingredients are not known. None leaves it to
            the configuration.
        category: Only products whose category path starts with this one (parts joined by " > ").
        min_price: Lowest price, in the catalogue's currency.
        max_price: Highest price; a product without a price is refused once a limit is given.
        exclude: Product ids never to show in this answer.
        rebuys: How many places, the first ones, products may take that the customer has and is about to buy
            again. None leaves it to the configuration.
    """

    age: int | None = None
    region: str | None = None
    skin_type: str | None = None
    concerns: tuple[str, ...] = ()
    avoided_ingredients: tuple[str, ...] = ()
    avoid_unknown_ingredients: bool | None = None
    category: str | None = None
    min_price: float | None = None
    max_price: float | None = None
    exclude: tuple[str, ...] = ()
    rebuys: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One customer's wish for ``k`` products.

    Attributes:
        customer_id: Only named in the answer; the engine looks nothing up by it.
        k: How many products, 1 to 100.
        products: Product ids the customer has, oldest first; ids the model does not know are passed over.
        times: Seconds since 1970 (UTC) of each of ``products``, or empty where not known.
        dismissed: Product ids the customer does not want to see.
        now: Seconds since 1970 (UTC) at which is asked, which decides what is due again; None takes the last day
            that the model or the history knows.
    """

    customer_id: str
    k: int = 10
    products: Sequence[str] = ()
    times: Sequence[int] = ()
    dismissed: Sequence[str] = ()
    profile: Profile = field(default_factory=Profile)
    now: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product is shown.

    Attributes:
        kind: "bought" (goes with a product the customer has), "similar" (is like one), "next" (follows on a history
            like the customer's), "group" (people with the same skin buy it), "concern" (holds an ingredient for a
            concern), "popular" or "rebuy" (is bought again after as long as the customer has had it).
        text: One sentence in English.
        share: Part of the item's score that this reason carried, 0 to 1.
    """

    kind: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Item:
    """One recommended product; a higher score is better, comparable only within one answer."""

    product_id: str
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The answer to one query, best item first; shorter than ``k`` where the rules leave too few.

    Attributes:
        path: Which way the answer was found: "personal" (from history), "group" (from the profile) or
            "popular" (nothing is known).
        removed: How many candidates each rule removed, by the rule's name.
    """

    customer_id: str
    items: tuple[Item, ...]
    path: str
    removed: dict[str, int] = field(default_factory=dict[str, int])
