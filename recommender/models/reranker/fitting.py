"""Fitting the re-ranker: LightGBM's LambdaRank over candidates (Burges, "From RankNet to LambdaRank to LambdaMART")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import steps
from recommender.config.model import RankerSettings
from recommender.models.candidates import Candidates
from recommender.models.histories import row_starts
from recommender.models.reranker.features import Features
from recommender.models.reranker.tree_building import trees_of
from recommender.models.reranker.trees import Ranker

Column = NDArray[np.float32]


@dataclass(frozen=True)
class RankingRows:
    """What the re-ranker learns from: candidates of customers with a hidden purchase among them.

    Attributes:
        names: Of the features.
        matrix: float32[candidates, features]; one block, as LightGBM takes it without a copy.
        hit: bool[candidates]; whether the candidate is a hidden purchase.
        groups: int64[customers]; candidates of each customer, in order.
    """

    names: tuple[str, ...]
    matrix: NDArray[np.float32]
    hit: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @classmethod
    def from_features(cls, features: Features, hit: NDArray[np.bool_], groups: NDArray[np.int64]) -> Self:
        """Rows from candidates' features."""
        return cls(features.names, np.ascontiguousarray(features.block.T), hit, groups)

    @classmethod
    def concatenated(cls, parts: Sequence["RankingRows"]) -> Self:
        """Several sets of rows under one another."""
        return cls(
            parts[0].names,
            np.concatenate([part.matrix for part in parts]),
            np.concatenate([part.hit for part in parts]),
            np.concatenate([part.groups for part in parts]),
        )

    @property
    def features(self) -> Features:
        """The candidates' features."""
        return Features(self.names, self.matrix.T)

    def split_off(self, share: float, seed: int) -> tuple["RankingRows", "RankingRows"]:
        """A random ``share`` of the customers set apart: (the others, those)."""
        apart = np.random.default_rng(seed).random(len(self.groups)) < share
        return self._only(~apart), self._only(apart)

    def ndcg(self, scores: Column) -> float:
        """Mean over the hidden purchases of what each adds to DCG@10 if candidates were ordered by ``scores``.

        NDCG@10 where one is hidden from each customer.
        """
        return float(self._gains(scores).mean()) if self.hit.any() else 0.0

    def ndcg_by_customer(self, scores: Column) -> NDArray[np.float64]:
        """NDCG@10 of each customer if candidates were ordered by ``scores``, one hidden purchase a customer."""
        owners = np.repeat(np.arange(len(self.groups)), self.groups)[self.hit]
        return np.bincount(owners, self._gains(scores), minlength=len(self.groups)).astype(np.float64)

    def sample(self, most: int, seed: int) -> "RankingRows":
        """At most ``most`` customers, drawn by ``seed``."""
        kept = np.zeros(len(self.groups), np.bool_)
        kept[np.random.default_rng(seed).permutation(len(self.groups))[:most]] = True
        return self._only(kept)

    def _gains(self, scores: Column) -> NDArray[np.float64]:
        """What each hidden purchase adds to DCG@10, float64[hits]."""
        starts = row_starts(self.groups)
        ranks = Candidates(starts, np.arange(len(scores))).ranks(scores)[self.hit]
        return np.where(ranks < _CUT_OFF, 1 / np.log2(ranks + 2), 0.0)

    def _only(self, customers: NDArray[np.bool_]) -> "RankingRows":
        kept = np.repeat(customers, self.groups)
        return RankingRows(self.names, self.matrix[kept], self.hit[kept], self.groups[customers])


_CUT_OFF = 10


def dataset(parts: Sequence[RankingRows]) -> lgb.Dataset:
    """The rows of all parts as LightGBM takes them; it bins them one by one, so they are never joined in memory."""
    return lgb.Dataset(
        [part.matrix for part in parts],
        label=np.concatenate([part.hit for part in parts]).astype(np.int8),
        group=np.concatenate([part.groups for part in parts]),
        feature_name=[*parts[0].names],
    )


def fit_ranker(
    rows: Sequence[RankingRows], unseen: Sequence[RankingRows], settings: RankerSettings, seed: int
) -> Ranker:
    """Learn from all ``rows`` for as many trees as help on the ``unseen`` customers.

    The same rows and seed give the same trees.
    """
    with steps("fitting the re-ranker", settings.trees, "trees at most") as progress:
        learnt = lgb.train(
            _parameters(settings, seed),
            dataset(rows),
            num_boost_round=settings.trees,
            valid_sets=[dataset(unseen)],
            callbacks=[lambda _: progress.advance(), lgb.early_stopping(settings.patience, verbose=False)],
        )
    return _ranker(learnt)


def train_booster(rows: Sequence[RankingRows], trees: int, settings: RankerSettings, seed: int) -> lgb.Booster:
    """What LightGBM learns from all ``rows`` in ``trees`` trees."""
    with steps("fitting the re-ranker on everybody", trees, "trees") as progress:
        report = [lambda _: progress.advance()]
        return lgb.train(_parameters(settings, seed), dataset(rows), num_boost_round=trees, callbacks=report)


def ranker_from_first_trees(learnt: lgb.Booster, trees: int) -> Ranker:
    """The first ``trees`` alone: what learning gives that stops there, as each tree rests on those before it only."""
    return _ranker(lgb.Booster(model_str=learnt.model_to_string(num_iteration=trees)))


def fit_ranker_with_trees(rows: Sequence[RankingRows], trees: int, settings: RankerSettings, seed: int) -> Ranker:
    """Learn ``trees`` trees from all ``rows``; the same rows and seed give the same trees."""
    return _ranker(train_booster(rows, trees, settings, seed))


def _ranker(learnt: lgb.Booster) -> Ranker:
    names, trees = trees_of(learnt)
    # The text has the number of trees asked for; with the actual number instead, the same trees give the same text.
    text = _NUMBER.sub(f"[num_iterations: {len(trees)}]", learnt.model_to_string())
    return Ranker(names, trees, text)


_NUMBER = re.compile(r"\[num_iterations: \d+\]")


def _parameters(settings: RankerSettings, seed: int) -> dict[str, object]:
    return {
        "objective": "lambdarank",
        "metric": "ndcg",
        "eval_at": [_CUT_OFF],
        "lambdarank_truncation_level": settings.truncation,
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": settings.minimum_leaf,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "bagging_by_query": True,
        "lambda_l2": 1.0,
        "max_bin": 63,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }
