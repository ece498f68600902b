"""The choice among the searches' best settings, by paired intervals over all customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recommender.config import RecommenderConfig
from recommender.config.model import FamilySettings
from recommender.evaluation.metrics import Interval, mean_interval
from recommender.tuning.blend_evaluation import BlendEvaluator, CustomerValues

DEFAULTS: Final = "present settings"
BLEND: Final = "tuned blend"


@dataclass(frozen=True)
class EvaluatedSettings:
    """Settings and their metrics for each customer.

    Attributes:
        name: ``DEFAULTS``, ``BLEND`` or the name of the model that stands alone.
        families: The settings.
        ndcg: float64[customers].
        hit_rate: float64[customers].
    """

    name: str
    families: FamilySettings
    ndcg: CustomerValues
    hit_rate: CustomerValues


@dataclass(frozen=True)
class SettingsChoice:
    """The settings that were chosen, and why.

    Attributes:
        chosen: The chosen ones.
        compared: All of them.
        leads: By the two names, the first one's lead in NDCG over the second, customer by customer.
        reason: One sentence.
    """

    chosen: EvaluatedSettings
    compared: tuple[EvaluatedSettings, ...]
    leads: Mapping[tuple[str, str], Interval]
    reason: str


def evaluate_settings(name: str, families: FamilySettings, evaluator: BlendEvaluator) -> EvaluatedSettings:
    """Evaluate settings on all customers."""
    ndcg, hit_rate = evaluator.values(families, evaluator.customers)
    return EvaluatedSettings(name, families, ndcg, hit_rate)


def choose_settings(
    present: EvaluatedSettings, single: EvaluatedSettings, blend: EvaluatedSettings, config: RecommenderConfig
) -> SettingsChoice:
    """Choose between the present settings, the best single model and the tuned blend.

    The tuned blend takes the present one's place only where its lead is above zero with its whole interval, and a
    blend is kept only where its lead over the best single model is.
    """
    leads = {
        (first.name, second.name): mean_interval(first.ndcg - second.ndcg, config.evaluation.resamples, config.seed)
        for first, second in ((blend, present), (blend, single), (present, single), (single, present))
    }
    mixed = blend if leads[blend.name, present.name].low > 0 else present
    if leads[mixed.name, single.name].low > 0:
        chosen, reason = mixed, f"its lead over {single.name} alone, the best single family, is above zero"
    else:
        chosen = single
        reason = f"no blend's lead over {single.name} alone is above zero, so {single.name} stands alone"
    return SettingsChoice(chosen, (present, single, blend), leads, reason)
