"""What searches are given, and what they and the whole tuning find."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from infrastructure.files import read_json, write_json
from recommender.config import RecommenderConfig
from recommender.config.model import RankerSettings
from recommender.evaluation.metrics import Interval
from recommender.tuning.settings_choice import SettingsChoice
from recommender.tuning.space import Choice


@dataclass(frozen=True)
class SearchPlan:
    """What every search of one tuning shares.

    Attributes:
        storage: SQLite file that keeps the trials.
        fingerprint: Of the data and of the settings that a trial's value depends on; trials of another are not used.
        seed: Of the sampler.
        startup: Trials drawn at random before the sampler learns from them.
    """

    storage: Path
    fingerprint: str
    seed: int
    startup: int


@dataclass(frozen=True)
class SearchTrial:
    """One trial: what was chosen and what it was worth."""

    choice: Choice
    value: float


@dataclass(frozen=True)
class SearchResult:
    """A finished search.

    Attributes:
        name: What was searched for.
        tried: Every trial, in order.
        importance: Share of the value's variance by parameter (functional ANOVA: Hutter, Hoos and Leyton-Brown, "An
            Efficient Approach for Assessing Hyperparameter Importance", ICML 2014); empty where it cannot be computed.
    """

    name: str
    tried: tuple[SearchTrial, ...]
    importance: Mapping[str, float]

    @property
    def best(self) -> SearchTrial:
        """The trial of the highest value; of equal ones the first."""
        return max(self.tried, key=lambda tried: tried.value)


@dataclass(frozen=True)
class BlendSearches:
    """What the searches for single models (by name) and for a blend found."""

    alone: Mapping[str, SearchResult]
    blend: SearchResult

    @property
    def best_alone(self) -> str:
        """The model that is best alone."""
        return max(self.alone, key=lambda name: self.alone[name].best.value)

    @classmethod
    def merged(cls, parts: Sequence["BlendSearches"]) -> Self:
        """Every shard's trials together; an importance is the mean over the shards that have one."""
        alone = {name: found for part in parts for name, found in part.alone.items()}
        tried = tuple(tried for part in parts for tried in part.blend.tried)
        known = [part.blend.importance for part in parts if part.blend.importance]
        names = sorted({name for importance in known for name in importance})
        mean = {name: float(np.mean([importance.get(name, 0.0) for importance in known])) for name in names}
        return cls(alone, SearchResult(parts[0].blend.name, tried, dict(sorted(mean.items(), key=lambda one: -one[1]))))

    def write(self, path: Path) -> None:
        """Write as JSON."""
        alone = {name: asdict(found) for name, found in self.alone.items()}
        write_json(path, {"alone": alone, "blend": asdict(self.blend)})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote."""
        values = read_json(path)
        return cls({name: _found(found) for name, found in values["alone"].items()}, _found(values["blend"]))


@dataclass(frozen=True)
class RankerSearchResult:
    """What the re-ranker's search found.

    Attributes:
        search: The trials.
        settings: What holds: the search's best where it leads the present settings with its whole interval, else
            the present ones; not enabled where these are no better than the candidate generator.
        lead: Of the search's best over the present settings in NDCG@10.
        gain: Of the chosen re-ranker over the candidate generator in NDCG@10.
        blend: NDCG@10 of the candidate generator.
        ndcg: NDCG@10 of the re-ranker.
    """

    search: SearchResult
    settings: RankerSettings
    lead: Interval
    gain: Interval
    blend: float
    ndcg: float


@dataclass(frozen=True)
class TuningResult:
    """Everything that a tuning found.

    Attributes:
        name: Of the data set.
        commit: Of the code.
        config: What it began with.
        customers: How many the choice is evaluated on.
        dated: Whether the order of purchases is known.
        searches: For single models and for a blend.
        choice: The chosen settings of the item-to-item models, and why.
        ranker: The re-ranker's search, None where there was none.
    """

    name: str
    commit: str
    config: RecommenderConfig
    customers: int
    dated: bool
    searches: BlendSearches
    choice: SettingsChoice
    ranker: RankerSearchResult | None


def _found(values: Mapping[str, Any]) -> SearchResult:
    tried = tuple(SearchTrial(**one) for one in values["tried"])
    return SearchResult(values["name"], tried, values["importance"])
