"""All item-to-item models in one table: each product's neighbours with their similarity by every model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.histories import Histories
from recommender.models.pair_table import PairTable


@dataclass(frozen=True)
class Neighbours:
    """Each product's strongest neighbours by the blend of the item-to-item models.

    Attributes:
        families: Names of the models, in the order of the table's values.
        table: float16 similarity of (product, neighbour) by each model, scaled to about one.
        blend: float32[cells]; the weighted sum of a cell's similarities.
        decay: Weight of a purchase against the one after it.
    """

    families: tuple[str, ...]
    table: PairTable
    blend: NDArray[np.float32]
    decay: float

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Blended score of every product, float32[customers, products]."""
        scores = np.zeros((len(histories), self.table.width), np.float32)
        for row, (start, stop) in zip(scores, pairwise(histories.starts.tolist()), strict=True):
            cells = self.table.row_cells(histories.products[start:stop])
            weighted = self.blend[cells.places] * self.weights(stop - start)[cells.entries]
            np.add.at(row, cells.columns, weighted)
        return scores

    def weights(self, size: int) -> NDArray[np.float32]:
        """What each of a customer's ``size`` purchases weighs, oldest first: float32[size]; read only."""
        return _weights(self.decay, size)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What numpy can keep."""
        return {**self.table.arrays(), "blend": self.blend}

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], families: tuple[str, ...], decay: float) -> Self:
        """The table whose :meth:`arrays` these are."""
        return cls(families, PairTable.from_parts(arrays), arrays["blend"], decay)


@lru_cache(1024)
def _weights(decay: float, size: int) -> NDArray[np.float32]:
    weights = np.power(decay, np.arange(size - 1, -1, -1)).astype(np.float32)
    weights.flags.writeable = False
    return weights
