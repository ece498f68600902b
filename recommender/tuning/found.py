"""What a search is given and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recommender.tuning.space import Choice


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
