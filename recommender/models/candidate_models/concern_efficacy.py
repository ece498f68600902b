"""How well a product serves skin concerns, from what its ingredients are known to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.knowledge.knowledge import Knowledge
from recommender.models.bundle import ArrayParts
from recommender.models.products.catalogue import Catalogue

_HALF_WAY = 10.0
"""Labels fall in order of weight: an ingredient this far down counts half of the first."""

_ALL = slice(None)


@dataclass(frozen=True)
class ConcernEfficacy(ArrayParts):
    """What each product does for each concern.

    Attributes:
        concerns: Names, in the order of the columns.
        efficacy: float32[products, concerns], 0 to 1.
    """

    concerns: tuple[str, ...]
    efficacy: NDArray[np.float32]

    @classmethod
    def fit(cls, catalogue: Catalogue, knowledge: Knowledge) -> Self:
        """Add up, a product and concern, the weights of the ingredients that serve it, up to 1."""
        serves = [knowledge.concerns_of(name) for name in catalogue.ingredient_names]
        concerns = sorted({concern for found in serves for concern in found})
        column = {concern: i for i, concern in enumerate(concerns)}
        served = np.zeros((len(serves), len(concerns)), np.float32)
        for row, found in enumerate(serves):
            served[row, [column[concern] for concern in found]] = 1
        return cls(tuple(concerns), _added_up(catalogue, served))

    def match(self, concerns: Sequence[str], products: NDArray[np.int64] | slice = _ALL) -> NDArray[np.float32]:
        """Mean efficacy of products for the concerns of these keys, float32[products]; 0 where none is known."""
        columns = [self.concerns.index(name) for name in concerns if name in self.concerns]
        if not columns:
            return np.zeros(len(self.efficacy[products, :0]), np.float32)
        return self.efficacy[products][:, columns].mean(axis=1)


def _added_up(catalogue: Catalogue, served: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.diff(catalogue.ingredients_start)
    owners = np.repeat(np.arange(len(catalogue)), lengths)
    place = np.arange(len(owners)) - catalogue.ingredients_start[:-1][owners]
    weights = 1 / (1 + place / _HALF_WAY)
    efficacy = np.zeros((len(catalogue), served.shape[1]), np.float64)
    np.add.at(efficacy, owners, served[catalogue.ingredients_index] * weights[:, None])
    return np.minimum(efficacy, 1).astype(np.float32)
