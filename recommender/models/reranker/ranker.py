"""The re-ranker as it answers: boosted trees over the candidates' features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.reranker.features import Features
from recommender.models.reranker.trees import Trees


@dataclass(frozen=True)
class Ranker:
    """Orders candidates by their features (``recommender.models.reranker.fitting`` says how it learns to).

    Attributes:
        names: Of the features that the trees ask for, in their order.
        trees: Over these features.
        text: The same model in LightGBM's own format, for whoever wants to look into it; "" where it was not read.
    """

    names: tuple[str, ...]
    trees: Trees
    text: str = ""

    def scores(self, features: Features) -> NDArray[np.float32]:
        """float32[candidates]; higher is better, comparable within one customer."""
        return self.trees.scores(features.rows(self.names))

    @classmethod
    def from_parts(cls, arrays: Mapping[str, NDArray[Any]], names: Sequence[str]) -> Self:
        """The re-ranker of the trees' arrays and the names from JSON."""
        return cls(tuple(names), Trees.from_parts(arrays))
