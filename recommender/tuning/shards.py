"""The searches for single models and blends, whole or in shards that run in parallel and are then merged."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from recommender.config import RecommenderConfig
from recommender.config.model import FamilySettings
from recommender.models.model_data import ModelData
from recommender.tuning import space
from recommender.tuning.blend_evaluation import BlendEvaluator
from recommender.tuning.results import BlendSearches, SearchPlan, SearchResult
from recommender.tuning.search import search
from recommender.tuning.space import Choice


@dataclass(frozen=True)
class Shard:
    """One of several parts of the searches; it has its share of the models and trials, and random draws of its own.

    Attributes:
        number: From 0.
        of: How many shards there are.
    """

    number: int = 0
    of: int = 1

    def trials(self, whole: int) -> int:
        """Its share of the trials, rounded up."""
        return math.ceil(whole / self.of)

    def families(self, names: Sequence[str]) -> list[str]:
        """The models that it searches for."""
        return list(names[self.number :: self.of])


def search_plan(data: ModelData, config: RecommenderConfig, folder: Path, shard: Shard) -> SearchPlan:
    """How a shard's searches are stored, in ``folder``, and drawn."""
    storage = folder / f"trials-{shard.number}-of-{shard.of}.db"
    # Shards draw from streams of their own: within one, a trial's seed is the stream's and the trial's number.
    seed = int(np.random.default_rng([config.seed, shard.number, shard.of]).integers(2**31))
    return SearchPlan(storage, _fingerprint(data, config, shard), seed, config.tuning.startup)


def run_searches(evaluator: BlendEvaluator, plan: SearchPlan, shard: Shard) -> BlendSearches:
    """Search for the best settings of each of the shard's models alone, and for a blend."""
    alone = {name: _alone(name, evaluator, plan) for name in shard.families(evaluator.names)}
    return BlendSearches(alone, _blend(evaluator, plan, alone, shard))


def with_choice(present: FamilySettings, choice: Choice) -> FamilySettings:
    """The settings that a search began with, with what it chose."""
    return present.model_copy(update=choice)


def _alone(family: str, evaluator: BlendEvaluator, plan: SearchPlan) -> SearchResult:
    choose = partial(space.suggest_single_model, name=family, dated=evaluator.dated)
    return search(plan, f"{family} alone", choose, partial(_value, evaluator), evaluator.config.tuning.trials_alone)


def _blend(
    evaluator: BlendEvaluator, plan: SearchPlan, alone: Mapping[str, SearchResult], shard: Shard
) -> SearchResult:
    """Blends, beginning with the present one and the best of the shard's single models."""
    names, dated, present = evaluator.names, evaluator.dated, evaluator.config.model.families
    singles = [with_choice(present, found.best.choice) for found in alone.values()]
    values = [found.best.value for found in alone.values()]
    best = [singles[int(np.argmax(values))]] if singles else []
    starts = [space.blend_parameters(families, names, dated) for families in (present, *best)]
    choose = partial(space.suggest_blend, names=names, dated=dated)
    trials = shard.trials(evaluator.config.tuning.trials)
    return search(plan, "blend", choose, partial(_value, evaluator), trials, starts)


def _value(evaluator: BlendEvaluator, choice: Choice) -> float:
    """Mean NDCG@k on the sampled customers."""
    ndcg, _ = evaluator.values(with_choice(evaluator.config.model.families, choice), evaluator.sample)
    return float(ndcg.mean())


def _fingerprint(data: ModelData, config: RecommenderConfig, shard: Shard) -> str:
    """Changes with the data and with every setting that a trial's value depends on, but not with how many there are."""
    digest = hashlib.sha256()
    for part in (data.histories.starts, data.histories.products, data.histories.days):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(json.dumps(data.texts).encode())
    tuning = config.tuning.model_copy(update={"trials": 1, "trials_alone": 1, "trials_ranker": 1})
    digest.update(config.model_copy(update={"tuning": tuning}).to_json().encode())
    digest.update(json.dumps(asdict(shard)).encode())
    return digest.hexdigest()[:16]
