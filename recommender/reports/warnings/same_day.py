"""Warns of histories without an order: much of them on one day."""

from collections.abc import Iterator

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.reports import wording


def same_day(tables: Tables, share: float) -> Iterator[str]:
    """A warning where more than ``share`` of the interactions that follow another of the customer are of its day.

    The order within a day is often that of an export, and the last purchase, which is held out to judge the model, then
    lies beside those that it learns from.
    """
    dated = interactions(tables)[[c.CUSTOMER_ID, c.TIME]].dropna()
    days = dated[c.TIME].dt.floor("D")
    follows = dated[c.CUSTOMER_ID].eq(dated[c.CUSTOMER_ID].shift())
    part = float((days == days.shift())[follows].mean()) if follows.any() else 0.0
    if part > share:
        yield (
            f"{wording.share(part)} of the interactions are of the same day as the customer's one before: if their "
            "order is not the real one, measures flatter and what follows what cannot be learned."
        )
