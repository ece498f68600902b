"""Lines that name what was bought by its title alone, as marketplaces and spreadsheets do."""

from dataclasses import replace
from typing import Final

from recommender.contract import columns as c
from recommender.onboarding.matching.candidates import REQUIRED, Candidate, Tables

_TITLE: Final = 0.5
_AGAIN: Final = 0.9
"""Titles that come again less often than this are no products."""
DOUBT: Final = "no id of products is there, so the title stands for it; one that is written anew is another product"


def with_title(tables: Tables, sales: Candidate) -> Candidate | None:
    """The lines with a product's title as its id; None where they have none, or are no lines of sales."""
    products = tables.candidate(sales.found, c.PRODUCTS)
    title = products.column(c.NAME)
    if title is None or products.sureness(c.NAME) < _TITLE or products.profiles[title].unique > _AGAIN:
        return None
    if not sales.has(c.CUSTOMER_ID) or title == sales.column(c.CUSTOMER_ID):
        return None
    if not (sales.has(c.TIME) or sales.has(c.TRANSACTION_ID)) or products.profiles[title].missing > 0.5:
        return None
    return replace(sales, pairs={**sales.pairs, c.PRODUCT_ID: (title, REQUIRED)})
