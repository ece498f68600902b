"""The searches for families and blends, whole or in shards that run side by side and are then put together."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np

from infrastructure.files import read_json, write_json
from recommender.config import RecommenderConfig
from recommender.config.model import FamilySettings
from recommender.models.model_data import ModelData
from recommender.tuning import space
from recommender.tuning.found import Found, Plan, Tried
from recommender.tuning.judge import Judge
from recommender.tuning.search import search
from recommender.tuning.space import Choice


@dataclass(frozen=True)
class Shard:
    """One of several parts of the searches; it has its share of the families and trials, and draws of its own.

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
        """The families whose searches are its own."""
        return list(names[self.number :: self.of])


@dataclass(frozen=True)
class Searches:
    """What the searches for families alone (by name) and for a blend found."""

    alone: Mapping[str, Found]
    blend: Found

    @property
    def strongest(self) -> str:
        """The family that is best alone."""
        return max(self.alone, key=lambda name: self.alone[name].best.value)

    @classmethod
    def merged(cls, parts: Sequence["Searches"]) -> Self:
        """Every shard's trials together; an importance is the mean over the shards that could tell it."""
        alone = {name: found for part in parts for name, found in part.alone.items()}
        tried = tuple(tried for part in parts for tried in part.blend.tried)
        known = [part.blend.importance for part in parts if part.blend.importance]
        names = sorted({name for importance in known for name in importance})
        mean = {name: float(np.mean([importance.get(name, 0.0) for importance in known])) for name in names}
        return cls(alone, Found(parts[0].blend.name, tried, dict(sorted(mean.items(), key=lambda one: -one[1]))))

    def write(self, path: Path) -> None:
        """Write as JSON."""
        alone = {name: asdict(found) for name, found in self.alone.items()}
        write_json(path, {"alone": alone, "blend": asdict(self.blend)})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote."""
        values = read_json(path)
        return cls({name: _found(found) for name, found in values["alone"].items()}, _found(values["blend"]))


def plan_of(data: ModelData, config: RecommenderConfig, storage: Path, shard: Shard) -> Plan:
    """How a shard's searches are kept and drawn."""
    # Shards draw from streams of their own: within one, a trial's seed is the stream's and the trial's number.
    seed = int(np.random.default_rng([config.seed, shard.number, shard.of]).integers(2**31))
    return Plan(storage, _fingerprint(data, config, shard), seed, config.tuning.startup)


def searched(judge: Judge, plan: Plan, shard: Shard) -> Searches:
    """Search for the best settings of the shard's families alone, and for a blend."""
    alone = {name: _alone(name, judge, plan) for name in shard.families(judge.names)}
    return Searches(alone, _blend(judge, plan, alone, shard))


def settings_of(present: FamilySettings, choice: Choice) -> FamilySettings:
    """The settings that a search began with, with what it chose."""
    return present.model_copy(update=choice)


def _alone(family: str, judge: Judge, plan: Plan) -> Found:
    choose = partial(space.alone, name=family, dated=judge.dated)
    return search(plan, f"{family} alone", choose, partial(_value, judge), judge.config.tuning.trials_alone)


def _blend(judge: Judge, plan: Plan, alone: Mapping[str, Found], shard: Shard) -> Found:
    """Blends, from the present one and the best of the shard's single families on."""
    names, dated, present = judge.names, judge.dated, judge.config.model.families
    singles = [settings_of(present, found.best.choice) for found in alone.values()]
    values = [found.best.value for found in alone.values()]
    best = [singles[int(np.argmax(values))]] if singles else []
    starts = [space.blend_parameters(families, names, dated) for families in (present, *best)]
    choose = partial(space.blend, names=names, dated=dated)
    trials = shard.trials(judge.config.tuning.trials)
    return search(plan, "blend", choose, partial(_value, judge), trials, starts)


def _value(judge: Judge, choice: Choice) -> float:
    """Mean NDCG@k on the sampled customers."""
    ndcg, _ = judge.values(settings_of(judge.config.model.families, choice), judge.sample)
    return float(ndcg.mean())


def _found(values: Mapping[str, Any]) -> Found:
    tried = tuple(Tried(**one) for one in values["tried"])
    return Found(values["name"], tried, values["importance"])


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
