"""The columns of the impression log: what endpoints write, the collector keeps and monitoring reads."""

from collections.abc import Mapping
from typing import Final, NamedTuple, get_args, get_type_hints


class Impression(NamedTuple):
    """One list shown to one customer; the fields are the log's columns, in order.

    Those with a default came later: logs that were begun by an earlier version lack them.

    Attributes:
        request_id: The recommendation's; one request may ask for several customers.
        time: Seconds since 1970.
        customer: ``recommender.contract.query.customer_hash`` of the customer, "" for nobody in particular.
        products: Product ids as JSON, best first.
        scores: Their scores as JSON.
        fallback: What the answer had to do without.
        seconds: From the request's arrival until its answer was found; None where nobody waited for it.
        kind: What was asked for: "similar", "customer", "basket" or "anonymous".
        k: How many products were asked for.
        brought: Which parts of a profile the request held, not what they say; separated by commas.
    """

    request_id: str
    time: float
    customer: str
    variant: str
    model_version: str
    products: str
    scores: str
    fallback: str
    seconds: float | None = None
    kind: str | None = None
    k: int | None = None
    brought: str | None = None


#: Columns by name, for whoever reads the log as a frame; ``time`` and ``request_id`` are in ``columns``.
CUSTOMER, VARIANT, MODEL_VERSION = "customer", "variant", "model_version"
PRODUCTS, SCORES, FALLBACK = "products", "scores", "fallback"
SECONDS, KIND, K, BROUGHT = "seconds", "kind", "k", "brought"

COLUMNS: Final = Impression._fields
#: Those that a log of an earlier version lacks.
LATER_COLUMNS: Final = tuple(Impression._field_defaults)
#: The Python type of each column.
COLUMN_TYPES: Final[Mapping[str, type]] = {
    name: (get_args(hint) or (hint,))[0] for name, hint in get_type_hints(Impression).items()
}

SHOWN: Final = "impressions"
"""Table of what was shown."""
SHADOW: Final = "shadow_impressions"
"""Table of what a challenger would have shown; it has the same columns, and is kept apart: nobody saw it."""


def sql_columns(number: str) -> dict[str, str]:
    """Each column's definition in SQL, for a database whose floating point type is ``number``."""
    types = {str: "TEXT", float: number, int: "INTEGER"}
    return {
        name: types[kind] if name in LATER_COLUMNS else f"{types[kind]} NOT NULL" for name, kind in COLUMN_TYPES.items()
    }
