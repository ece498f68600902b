"""The re-ranker: LightGBM's LambdaRank over the candidates (Burges, "From RankNet to LambdaRank to LambdaMART")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from recommender.config.model import RankerSettings

Column = NDArray[np.float32]


@dataclass(frozen=True)
class RankingRows:
    """What the re-ranker learns from: candidates of customers whose hidden purchase is among them.

    Attributes:
        features: float32[candidates] by name.
        hit: bool[candidates]; whether the candidate is the hidden purchase.
        groups: int64[customers]; candidates of each customer, in order.
    """

    features: Mapping[str, Column]
    hit: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Sequence["RankingRows"]) -> Self:
        """Several sets of rows under one another."""
        names = parts[0].features
        return cls(
            {name: np.concatenate([part.features[name] for part in parts]) for name in names},
            np.concatenate([part.hit for part in parts]),
            np.concatenate([part.groups for part in parts]),
        )


class Ranker:
    """Orders candidates by their features."""

    def __init__(self, model: lgb.Booster) -> None:
        self.model = model
        self.names: list[str] = model.feature_name()

    @classmethod
    def fit(cls, rows: RankingRows, settings: RankerSettings, seed: int) -> Self:
        """Learn from rows; the same rows and seed give the same trees on any number of cores."""
        names = list(rows.features)
        data = lgb.Dataset(
            np.stack([rows.features[name] for name in names], axis=1),
            label=rows.hit.astype(np.int8),
            group=rows.groups,
            feature_name=names,
            free_raw_data=True,
        )
        return cls(lgb.train(_parameters(settings, seed), data, num_boost_round=settings.trees))

    def scores(self, features: Mapping[str, Column]) -> Column:
        """float32[candidates]; higher is better, comparable within one customer."""
        matrix = np.stack([features[name] for name in self.names], axis=1)
        return np.asarray(self.model.predict(matrix, num_threads=1), np.float32)

    def importance(self) -> dict[str, float]:
        """Share of the total gain by feature, largest first."""
        gains = self.model.feature_importance("gain")
        order = np.argsort(-gains)
        return {self.names[i]: float(gains[i] / max(gains.sum(), 1e-12)) for i in order}

    def save(self, path: Path) -> None:
        """Write the trees as text."""
        path.write_text(self.model.model_to_string(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what :meth:`save` wrote."""
        return cls(lgb.Booster(model_file=str(path)))


def _parameters(settings: RankerSettings, seed: int) -> dict[str, object]:
    return {
        "objective": "lambdarank",
        "lambdarank_truncation_level": 20,
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": settings.minimum_leaf,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "bagging_by_query": True,
        "lambda_l2": 1.0,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }
