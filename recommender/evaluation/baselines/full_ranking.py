"""Full ranking: the held-out product among all products that the customer does not have."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.contract.query import Profile
from recommender.evaluation.baselines.single_models import Score
from recommender.models.candidates import strongest
from recommender.models.histories import Histories

_AT_ONCE = 256


def best(
    score: Score, histories: Histories, profiles: Sequence[Profile], k: int, seed: int
) -> Iterator[NDArray[np.int64]]:
    """Each customer's ``k`` best products by a family; fewer where it says nothing of more.

    Left out is what the customer has, and nothing else: no rule is asked, as in published tables. The order of
    equal scores is drawn by ``seed``, so that no product gains by its place in the catalogue.
    """
    rng = np.random.default_rng(seed)
    for start in range(0, len(histories), _AT_ONCE):
        customers = np.arange(start, min(start + _AT_ONCE, len(histories)))
        batch = histories.select(customers)
        scores = score(batch, [profiles[customer] for customer in customers.tolist()])
        scores[batch.owners, batch.products] = 0
        for row in scores:
            found = rng.permutation(np.flatnonzero(row > 0))
            yield found[strongest(row[found], k)]
