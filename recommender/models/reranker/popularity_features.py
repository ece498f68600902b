"""How popular candidates were at their customer's last interaction."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_batch import CandidateBatch
from recommender.models.candidate_models.popularity import Popularity

WINDOWS: Final = (30, 90, 365)
_BEFORE: Final = np.array([0, *WINDOWS])
_TIMES_AS_LONG: Final = np.array([[3], [4]])
"""About how many times as long the windows from the second on are as those before them."""


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
