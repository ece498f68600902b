"""Which of the searches' best settings hold, by paired intervals over all customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recommender.config import RecommenderConfig
from recommender.config.model import FamilySettings
from recommender.evaluation.metrics import Interval, mean_interval
from recommender.tuning.judge import Judge, Values

DEFAULTS: Final = "present settings"
BLEND: Final = "tuned blend"


@dataclass(frozen=True)
class Contender:
    """Settings and what they are worth to each customer.

    Attributes:
        name: ``DEFAULTS``, ``BLEND`` or the name of the family that stands alone.
        families: The settings.
        ndcg: float64[customers].
        hit_rate: float64[customers].
    """

    name: str
    families: FamilySettings
    ndcg: Values
    hit_rate: Values


@dataclass(frozen=True)
class Verdict:
    """The contender that was chosen, and why.

    Attributes:
        chosen: The contender.
        contenders: All of them.
        leads: By the two names, the first one's lead in NDCG over the second, customer by customer.
        reason: One sentence.
    """

    chosen: Contender
    contenders: tuple[Contender, ...]
    leads: Mapping[tuple[str, str], Interval]
    reason: str


def contender(name: str, families: FamilySettings, judge: Judge) -> Contender:
    """Judge settings on all customers."""
    ndcg, hit_rate = judge.values(families, judge.customers)
    return Contender(name, families, ndcg, hit_rate)


def decide(present: Contender, single: Contender, blend: Contender, config: RecommenderConfig) -> Verdict:
    """Of the present settings, the best single family and the tuned blend the one that holds.

    The tuned blend takes the present one's place only where its lead is above zero with its whole interval, and a
    blend is kept only where its lead over the best single family is.
    """
    leads = {
        (first.name, second.name): _lead(first, second, config)
        for first, second in ((blend, present), (blend, single), (present, single), (single, present))
    }
    mixed = blend if leads[blend.name, present.name].low > 0 else present
    if leads[mixed.name, single.name].low > 0:
        chosen, reason = mixed, f"its lead over {single.name} alone, the best single family, is above zero"
    else:
        chosen = single
        reason = f"no blend's lead over {single.name} alone is above zero, so {single.name} stands alone"
    return Verdict(chosen, (present, single, blend), leads, reason)


def _lead(first: Contender, second: Contender, config: RecommenderConfig) -> Interval:
    return mean_interval(first.ndcg - second.ndcg, config.evaluation.resamples, config.seed)
