"""Which products catch a customer's eye on the shelf of a step."""

import numpy as np
from numpy.typing import NDArray

from recommender.synthetic.products.products import Products
from recommender.synthetic.products.routine import routine
from recommender.synthetic.truth import Floats, Ints


class Shelf:
    """Products by step, noticed in proportion to their popularity."""

    def __init__(self, products: Products) -> None:
        step = products.step
        self._order = step.argsort(kind="stable").astype(np.int32)
        self._weights = np.cumsum(products.popularity[self._order], dtype=np.float64)
        ends = np.searchsorted(step[self._order], np.arange(len(routine())), side="right")
        self._tops = np.concatenate([[0.0], self._weights])[np.concatenate([[0], ends])]

    @property
    def odds(self) -> Floats:
        """0 for a step with any product, minus infinity for an empty one, float32[steps]."""
        return np.where(np.diff(self._tops) > 0, 0.0, -np.inf).astype(np.float32)

    def notice(self, step: Ints, chances: NDArray[np.float64]) -> Ints:
        """Products of each step, one for each of ``chances`` in [0, 1), int32[len(step), k]."""
        low, high = self._tops[step][:, None], self._tops[step + 1][:, None]
        found = np.searchsorted(self._weights, low + chances * (high - low), side="right")
        return self._order[np.minimum(found, len(self._order) - 1)]
