"""What the engine is asked and answers; a customer's pseudonym, and variant while two models are compared."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Final, Literal

Variant = Literal["champion", "challenger"]
CHAMPION: Final[Variant] = "champion"
CHALLENGER: Final[Variant] = "challenger"

_BYTES: Final = 8
_BITS: Final = 53
"""Bits of a place, as many as a float holds exactly: so every place is below 1."""

MAXIMUM_K: Final = 100
"""The longest list that a request may ask for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a customer beside the history, and what the customer wants; everything may be missing.

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


PROFILE_FIELDS: Final = frozenset(part.name for part in fields(Profile))


@dataclass(frozen=True, slots=True)
class Query:
    """A request for ``k`` products for one customer.

    Attributes:
        customer_id: Only named in the answer; the engine looks nothing up by it.
        k: How many products, 1 to 100.
        products: Product ids the customer has, oldest first; ids that the model does not know are ignored.
        times: Seconds since 1970 (UTC) of each of ``products``, or empty where not known.
        dismissed: Product ids the customer does not want to see.
        now: Time of the request in seconds since 1970 (UTC), which decides what is due again; None takes the last
            day that the model or the history knows.
        owned: Product ids the customer has, too, that nothing is to follow from: like ``products`` they are not shown,
            and no variant of them.
    """

    customer_id: str
    k: int = 10
    products: Sequence[str] = ()
    times: Sequence[int] = ()
    dismissed: Sequence[str] = ()
    profile: Profile = field(default_factory=Profile)
    now: int | None = None
    owned: Sequence[str] = ()


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
class UnrecognisedWords:
    """Words for something to avoid that no knowledge file has and no product's label.

    Attributes:
        text: As the customer wrote them.
        suggestions: Known names that may be meant, the likeliest first.
        applied: Whether the first suggestion is avoided: the words nearly spell it. Else they exclude nothing.
    """

    text: str
    suggestions: tuple[str, ...] = ()
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The answer to one query, best item first; shorter than ``k`` where the rules leave too few.

    Attributes:
        path: Which way the answer was found: "personal" (from history), "group" (from the profile) or
            "popular" (nothing is known).
        removed: How many candidates each rule removed, by the rule's name.
        unrecognised: What of the avoided ingredients was not understood.
    """

    customer_id: str
    items: tuple[Item, ...]
    path: str
    removed: dict[str, int] = field(default_factory=dict[str, int])
    unrecognised: tuple[UnrecognisedWords, ...] = ()


def customer_hash(customer_id: str, salt: str = "") -> str:
    """A customer's pseudonym: 16 hex digits of BLAKE2b keyed with ``salt``.

    The same customer and salt give the same pseudonym, so impressions and events can be joined;
    who does not know the salt cannot find an id by trying.
    """
    return hashlib.blake2b(customer_id.encode(), key=salt.encode()[:64], digest_size=8).hexdigest()


def variant_of(customer: str, salt: str, share: float) -> Variant:
    """The variant of a customer: always the same for the same salt, and independent between salts.

    A customer who has the challenger at one share keeps it at every higher one. Customers without a pseudonym have the
    champion, as they cannot be recognised later.

    Args:
        customer: The customer's pseudonym (:func:`customer_hash`), "" for an unknown customer.
        salt: The experiment's name, so that experiments draw their customers independently.
        share: Of the customers who have the challenger, 0 to 1.
    """
    return CHALLENGER if customer and _place(customer, salt) < share else CHAMPION


def _place(customer: str, salt: str) -> float:
    """A place in [0, 1), uniform over customers."""
    digest = hashlib.blake2b(f"{salt}\0{customer}".encode(), digest_size=_BYTES).digest()
    return (int.from_bytes(digest, "big") >> (8 * _BYTES - _BITS)) / 2**_BITS
