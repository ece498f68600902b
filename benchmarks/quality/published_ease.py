"""EASE as published, to measure against: whole, untuned, on histories without weights of their own."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import timed
from recommender.contract.query import Profile
from recommender.evaluation.baselines.single_models import Family
from recommender.models.candidate_models.ease import weights
from recommender.models.histories import Histories

REGULARISATION: Final = 500.0
"""One of those in Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019."""


def published_ease(name: str, histories: Histories) -> Family:
    """All purchases alike, however old; all products and weights kept, those below 0 too."""
    with timed(f"fitted {name}") as figures:
        fitted = weights(histories, REGULARISATION)

    def score(asked: Histories, _: Sequence[Profile]) -> NDArray[np.float32]:
        """In EASE's order, yet above 0: a family says nothing of what has no score."""
        return np.exp(asked.matrix() @ fitted)

    return Family(name, float(figures["seconds"]), score)
