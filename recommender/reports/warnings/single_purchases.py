"""Warns of customers without a history to learn from."""

from collections.abc import Iterator

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.reports import wording


def single_purchases(tables: Tables, share: float) -> Iterator[str]:
    """A warning where more than ``share`` of the customers have used one product."""
    products = interactions(tables).groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].nunique()
    part = float((products == 1).mean()) if len(products) else 0.0
    if part > share:
        yield (
            f"{wording.share(part)} of the customers have one product: there is nothing to hold out for them, and "
            "little to learn about what goes together."
        )
