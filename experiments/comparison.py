"""Both variants compared in one measure: values, the challenger's effect, and whether a guardrail holds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from experiments.effect import Arm, TreatmentEffect, guardrail_excess, treatment_effect
from recommender.contract.impressions import CUSTOMER
from recommender.contract.query import CHALLENGER
from recommender.evaluation.kpis import Direction, Kpi
from recommender.evaluation.metrics import Interval
from settings.experiment import ExperimentSettings

State = Literal["holds", "broken", "open"]


@dataclass(frozen=True)
class VariantComparison:
    """Both variants compared in one measure.

    Attributes:
        kpi: The measure.
        champion: The champion's value.
        challenger: The challenger's value.
        effect: None while there are too few cases.
        excess: Of a guardrail that admits cases: how far the challenger exceeds what it may have, negative within
            it; None while there are too few customers.
    """

    kpi: Kpi
    champion: float
    challenger: float
    effect: TreatmentEffect | None
    excess: Interval | None = None

    @property
    def better(self) -> bool:
        """Whether the challenger is better with certainty."""
        return self._direction == self.kpi.direction

    @property
    def worse(self) -> bool:
        """Whether the challenger is worse with certainty."""
        return self._direction not in (None, self.kpi.direction)

    @property
    def _direction(self) -> Direction | None:
        """Where the challenger moves the measure with certainty."""
        if self.effect is None:
            return None
        return "up" if self.effect.lift.low > 0 else "down" if self.effect.lift.high < 0 else None

    @property
    def state(self) -> State:
        """Of a guardrail: whether the challenger stays within the tolerance."""
        if not _admits_cases(self.kpi):
            return "broken" if self.challenger else "holds"
        if self.excess is None:
            return "open" if self.challenger else "holds"
        return "broken" if self.excess.low > 0 else "holds" if self.excess.high <= 0 else "open"


def compare_variants(
    answers: pd.DataFrame,
    variants: "pd.Series[str]",
    kpi: Kpi,
    settings: ExperimentSettings,
    covariates: "pd.Series[float]",
) -> VariantComparison:
    """Compare both variants, by customer, in one measure that is computed from the join, adjusted by ``covariates``."""
    assert kpi.parts is not None  # noqa: S101 (of the join)
    sums = answers.groupby(CUSTOMER)[list(kpi.parts)].sum().reindex(variants.index)
    above, below = (sums[part].to_numpy("float64") for part in kpi.parts)
    before = np.asarray(covariates.reindex(variants.index), np.float64)
    has = variants.to_numpy() == CHALLENGER
    champion, challenger = (Arm(above[side], below[side], before[side]) for side in (~has, has))
    is_limited = kpi.role == "guardrail" and _admits_cases(kpi)
    return VariantComparison(
        kpi,
        champion.value,
        challenger.value,
        treatment_effect(champion, challenger, settings),
        guardrail_excess(champion, challenger, kpi, settings) if is_limited else None,
    )


def _admits_cases(guardrail: Kpi) -> bool:
    return bool(guardrail.tolerance or guardrail.margin)
