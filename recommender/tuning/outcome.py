"""What tuning is given and what it finds: the plan, the trials, the verdict, the re-ranker."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recommender.config import Config
from recommender.config.model import RankerSettings
from recommender.evaluation.metrics import Interval
from recommender.tuning.space import Choice
from recommender.tuning.verdict import Verdict


@dataclass(frozen=True)
class Plan:
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
class Tried:
    """One trial: what was chosen and what it was worth."""

    choice: Choice
    value: float


@dataclass(frozen=True)
class Found:
    """A finished search.

    Attributes:
        name: What was searched for.
        tried: Every trial, in order.
        importance: Share of the value's variance by parameter (functional ANOVA: Hutter, Hoos and Leyton-Brown, "An
            Efficient Approach for Assessing Hyperparameter Importance", ICML 2014); empty where it cannot be told.
    """

    name: str
    tried: tuple[Tried, ...]
    importance: Mapping[str, float]

    @property
    def best(self) -> Tried:
        """The trial of the highest value; of equal ones the first."""
        return max(self.tried, key=lambda tried: tried.value)


@dataclass(frozen=True)
class RankerFound:
    """What the re-ranker's search found.

    Attributes:
        search: The trials.
        settings: What holds: the search's best where it leads the present settings with its whole interval, else
            the present ones; not enabled where these do not lead the first stage.
        lead: Of the search's best over the present settings in NDCG@10.
        gain: Of the chosen re-ranker over the first stage in NDCG@10.
        blend: NDCG@10 of the first stage.
        ndcg: NDCG@10 of the re-ranker.
    """

    search: Found
    settings: RankerSettings
    lead: Interval
    gain: Interval
    blend: float
    ndcg: float


@dataclass(frozen=True)
class Tuning:
    """Everything that a tuning found.

    Attributes:
        name: Of the data set.
        commit: Of the code.
        config: What it began with.
        customers: How many the verdict is judged on.
        dated: Whether the order of purchases is known.
        alone: By family, the search for its best settings alone.
        blend: The search for the best blend.
        verdict: What holds.
        ranker: The re-ranker's search, None where there was none.
    """

    name: str
    commit: str
    config: Config
    customers: int
    dated: bool
    alone: dict[str, Found]
    blend: Found
    verdict: Verdict
    ranker: RankerFound | None
