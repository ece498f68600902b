"""What a data set needs and was not found, why it matters, and what to write."""

from collections.abc import Sequence
from typing import Final

from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR, missing_columns
from recommender.onboarding.matching.candidates import Tables
from recommender.onboarding.proposal import Lack, TableProposal

_WHY: Final = {
    c.CUSTOMER_ID: "without it nobody knows which purchases belong to one person, so nothing can be learned from them",
    c.PRODUCT_ID: "without it nobody knows what was bought",
    c.NAME: "it is what people see in a list, and what products without ingredients are compared by",
    c.RATING: "a table of ratings without them says nothing that transactions would not",
    c.TYPE: "a view means less than a purchase, and nothing says which is which",
    c.TIME: "the order of events decides what was new to a customer",
}
_HISTORY: Final = (
    "recommendations are learned from what customers did; a table is needed in which each row has a customer and a "
    "product: order lines, reviews or clicks"
)


def lacks_of(tables: Sequence[TableProposal], found: Tables) -> tuple[Lack, ...]:
    """Everything required that a proposal lacks."""
    there = {one.table: one for one in tables}
    lacks = [
        Lack(f"{one.table}.{column}", _WHY.get(column, "it is required"),
             f"tables: {{{one.table}: {{columns: {{{column}: NAME OF THE COLUMN IN {one.found.name}}}}}}}")
        for one in tables
        if one.like is None
        for column in missing_columns(one.table, one.guesses)
    ]  # fmt: skip
    if not set(there) & set(BEHAVIOUR):
        lacks.append(Lack("transactions, ratings or events", _HISTORY, _nearest(found)))
    if c.PRODUCTS not in there:
        why = "what is recommended is a product of this table; it needs an id, the same as in the history, and a name"
        lacks.append(Lack(c.PRODUCTS, why, "a table under 'products:' with product_id and name"))
    return tuple(lacks)


def _nearest(found: Tables) -> str:
    """What the best table lacks to be one of behaviour."""
    candidates = [one for one in found.all(c.TRANSACTIONS) if one.has(c.CUSTOMER_ID) or one.has(c.PRODUCT_ID)]
    best = max(candidates, key=lambda one: one.score, default=None)
    if best is None:
        return "a table under 'transactions:' with customer_id and product_id"
    lacking = [name for name in (c.CUSTOMER_ID, c.PRODUCT_ID) if not best.has(name)]
    return f"{best.found.name} would be one if it had {' and '.join(lacking)}; name the columns if it has"
