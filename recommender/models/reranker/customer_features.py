"""Features of the customer and of candidates against the customer: popularity, prices, taste, visits."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_batch import CandidateBatch
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.products.visit_statistics import VisitStatistics

Column = NDArray[np.float32]
Block = NDArray[np.float32]

WINDOWS: Final = (30, 90, 365)
_BEFORE: Final = np.array([0, *WINDOWS])
_TIMES_AS_LONG: Final = np.array([[3], [4]])
"""About how many times as long the windows from the second on are as those before them."""


@dataclass(frozen=True)
class ProductFacts:
    """What is known of each product, for every customer alike.

    Attributes:
        price: float32[products]; NaN where not known.
        popularity: Of each over time.
        visits: That each is bought in.
    """

    price: Column
    popularity: Popularity
    visits: VisitStatistics

    @cached_property
    def known(self) -> Block:
        """Logarithms of one more than price and than interactions; size, shared and first of visits."""
        visits = self.visits
        return np.array([np.log1p(self.price), self.popularity.log_counts, visits.size, visits.shared, visits.first])

    @cached_property
    def to_sum(self) -> NDArray[np.float64]:
        """The logarithms, 0 where a price is not known, and whether it is: for means over products."""
        price, uses, *_ = self.known.astype(np.float64)
        return np.array([np.nan_to_num(price), uses, ~np.isnan(price)])


def customer_features(products: ProductFacts, batch: CandidateBatch) -> Block:
    """Candidates beside their customer.

    Prices and the distance (in log) from the customer's usual one; how much the customer bought, and how popular; how
    often and how long the customer comes; visits that the candidates and the last product are bought in.
    """
    own = _customers(products, batch).repeat(batch.candidates.lengths, axis=1)
    rows = np.empty((14, len(batch.candidates.products)), np.float32)
    known = products.known.take(batch.candidates.products, axis=1)
    rows[0] = known[0]
    rows[1] = known[0] - own[0]
    rows[2:5] = own[4:7]
    rows[5] = own[1]
    rows[6] = known[1] - own[1]
    rows[7:9] = own[7:]
    rows[9:12] = known[2:]
    rows[12:] = own[2:4]
    return rows


def _customers(products: ProductFacts, batch: CandidateBatch) -> Block:
    """What each customer is like, NaN where not known: float32[9, customers].

    Price and popularity of the products in the history, on average; size and shared of the last one's visits;
    :func:`_of_days`.
    """
    own = np.full((9, len(batch)), np.nan, np.float32)
    own[4:] = np.array([*map(_of_days, batch.days, batch.last_days)], np.float32).T
    if len(some := batch.with_history):
        starts, used = batch.histories.starts[some], batch.histories.products
        price, uses, priced = np.add.reduceat(products.to_sum.take(used, axis=1), starts, axis=1)
        own[0, some] = price / np.where(priced, priced, np.nan)
        own[1, some] = uses / batch.histories.lengths[some]
        own[2:4, some] = products.known[2:4].take(used.take(batch.last), axis=1)
    return own


def _of_days(days: list[int], on_last: int) -> tuple[float, ...]:
    """Entries in all and on the last day, days since the one before the last, visits, and days since the first."""
    gap = days[-1] - days[-2] if len(days) > 1 else np.nan
    return len(days), on_last, gap, len({*days}), days[-1] - days[0] if days else np.nan


def popularity_features(popularity: Popularity, batch: CandidateBatch) -> NDArray[np.float32]:
    """The candidates' interactions in all, up to the customer's last day, in windows before it and by trend; age."""
    products = batch.candidates.products
    rows = np.empty((8, len(products)), np.float32)
    last_days = [days[-1] if days else popularity.last_day for days in batch.days]
    today = np.array(last_days).repeat(batch.candidates.lengths)
    # A product's windows after each other: they end close together in the table that is searched.
    until = popularity.until(products[:, None], today[:, None] - _BEFORE).T
    counts = until[0] - until
    counts[0] = until[0]
    rows[0] = popularity.log_counts.take(products)
    rows[1:5] = np.log1p(counts, dtype=np.float64)
    # Of a window against the next longer one, each as if it were as long.
    rows[5:7] = (counts[1:3] + 1) / (counts[2:4] / _TIMES_AS_LONG + 1)
    # The start of a product without interactions is that of the next one, which may be past the end.
    first = popularity.days.take(popularity.starts.take(products), mode="clip")
    rows[7] = np.where(until[0] > 0, today - first, np.nan)
    return rows
