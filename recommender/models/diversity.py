"""Lists of unlike products: maximal marginal relevance over the candidates (Carbonell and Goldstein, SIGIR 1998)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.products.attributes import Attribute

CONTENT = ("content", "title")
"""The families that compare products by their texts."""


@dataclass(frozen=True)
class Likeness:
    """How alike products are, 0 to 1: the mean of their texts' likeness and of whether they share a category."""

    neighbours: Neighbours
    category: Attribute

    def within(self, products: NDArray[np.int64]) -> NDArray[np.float32]:
        """Likeness of every two of ``products``, float32[products, products]; symmetric, 1 on the diagonal."""
        texts = self._texts(products)
        category = self.category.same(products[:, None], products)
        likeness = ((np.maximum(texts, texts.T) + category) / 2).astype(np.float32)
        np.fill_diagonal(likeness, 1)
        return likeness

    def _texts(self, products: NDArray[np.int64]) -> NDArray[np.float32]:
        """The strongest likeness by any family of texts, 0 where none keeps the two as neighbours."""
        likeness = np.zeros((len(products), len(products)), np.float32)
        columns = [i for i, name in enumerate(self.neighbours.families) if name in CONTENT]
        if columns:
            one, other, values = self.neighbours.table.among(products, products, keep=False)
            likeness[one, other] = np.clip(values[:, columns].max(axis=1), 0, 1)
        return likeness


def diversified(
    scores: NDArray[np.float32], likeness: NDArray[np.float32], diversity: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Candidates in the order in which they are best and least like what stands before them.

    Each next candidate is the one of the highest value: its score, scaled to 0..1 among the candidates, times
    1 - ``diversity``, less its likeness to the likest one before it times ``diversity``.

    Args:
        scores: float32[candidates]; higher is better.
        likeness: float32[candidates, candidates], 0 to 1.
        diversity: 0 keeps the order of the scores, 1 looks at likeness alone.

    Returns:
        Positions of the candidates, best first, and the value at which each was taken: these never rise, as what is
        taken later was there before and its likest forerunner is only ever a liker one.
    """
    spread = float(np.ptp(scores)) if len(scores) else 0.0
    relevance = (1 - diversity) * (scores - scores.min(initial=np.inf)) / (spread or 1.0)
    order, values = np.empty(len(scores), np.int64), np.empty(len(scores), np.float32)
    nearest, left = np.zeros(len(scores)), np.zeros(len(scores))
    for place in range(len(scores)):
        worth = relevance - diversity * nearest + left
        best = int(worth.argmax())
        order[place], values[place] = best, worth[best]
        nearest = np.maximum(nearest, likeness[best])
        left[best] = -np.inf
    return order, values
