"""Diverse lists: maximal marginal relevance over the candidates (Carbonell and Goldstein, SIGIR 1998)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.products.attributes import Attribute

CONTENT = ("content", "title")
"""The item-to-item models that compare products by their texts."""


@dataclass(frozen=True)
class ProductSimilarity:
    """How similar products are, 0 to 1: the mean of their texts' similarity and of whether they share a category."""

    neighbours: Neighbours
    category: Attribute

    def within(self, products: NDArray[np.int64]) -> NDArray[np.float32]:
        """Similarity of every two of ``products``, float32[products, products]; symmetric, 1 on the diagonal."""
        texts = self._texts(products)
        category = self.category.same(products[:, None], products)
        similarity = ((np.maximum(texts, texts.T) + category) / 2).astype(np.float32)
        np.fill_diagonal(similarity, 1)
        return similarity

    def _texts(self, products: NDArray[np.int64]) -> NDArray[np.float32]:
        """The strongest similarity by any model of texts, 0 where none keeps the two as neighbours."""
        similarity = np.zeros((len(products), len(products)), np.float32)
        columns = [i for i, name in enumerate(self.neighbours.families) if name in CONTENT]
        if columns:
            one, other, values = self.neighbours.table.among(products, products, keep=False)
            similarity[one, other] = np.clip(values[:, columns].max(axis=1), 0, 1)
        return similarity


def diversified(
    scores: NDArray[np.float32], similarity: NDArray[np.float32], diversity: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Candidates ordered by score and by how little they resemble those before them.

    Each next candidate is the one of the highest value: its score, scaled to 0..1 among the candidates, times
    1 - ``diversity``, less its similarity to the most similar one before it times ``diversity``.

    Args:
        scores: float32[candidates]; higher is better.
        similarity: float32[candidates, candidates], 0 to 1.
        diversity: 0 keeps the order of the scores, 1 uses similarity alone.

    Returns:
        Positions of the candidates, best first, and the value at which each was taken: these never rise, as a candidate
        that is taken later was available before, and its similarity to those before it only grows.
    """
    spread = float(np.ptp(scores)) if len(scores) else 0.0
    relevance = (1 - diversity) * (scores - scores.min(initial=np.inf)) / (spread or 1.0)
    order, values = np.empty(len(scores), np.int64), np.empty(len(scores), np.float32)
    nearest, left = np.zeros(len(scores)), np.zeros(len(scores))
    for place in range(len(scores)):
        worth = relevance - diversity * nearest + left
        best = int(worth.argmax())
        order[place], values[place] = best, worth[best]
        nearest = np.maximum(nearest, similarity[best])
        left[best] = -np.inf
    return order, values
