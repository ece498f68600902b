"""Two variants in one measure: their values, what the challenger changes, and whether a guardrail holds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from experiments.effect import Arm, Effect, effect, excess
from feedback.log_reader import CUSTOMER
from feedback.rates import Interval
from recommender.engine.variant_assignment import CHALLENGER
from recommender.evaluation.kpis import Kpi
from settings.experiment import ExperimentSettings

State = Literal["holds", "broken", "open"]


@dataclass(frozen=True)
class Comparison:
    """Both variants in one measure.

    Attributes:
        kpi: The measure.
        champion: Its value.
        challenger: Its value.
        effect: None while there are too few cases to tell.
        excess: Of a guardrail that admits cases: how far the challenger lies above what it may have, below 0 within
            it; None while there are too few customers to tell.
    """

    kpi: Kpi
    champion: float
    challenger: float
    effect: Effect | None
    excess: Interval | None = None

    @property
    def better(self) -> bool:
        """Whether the challenger is better for certain."""
        if self.effect is None:
            return False
        lift = self.effect.lift
        return lift.low > 0 if self.kpi.direction == "up" else lift.high < 0

    @property
    def worse(self) -> bool:
        """Whether the challenger is worse for certain."""
        if self.effect is None:
            return False
        lift = self.effect.lift
        return lift.high < 0 if self.kpi.direction == "up" else lift.low > 0

    @property
    def state(self) -> State:
        """Of a guardrail: whether the challenger keeps within what it may lose."""
        if not _admits_cases(self.kpi):
            return "broken" if self.challenger else "holds"
        if self.excess is None:
            return "open" if self.challenger else "holds"
        return "broken" if self.excess.low > 0 else "holds" if self.excess.high <= 0 else "open"


def compare(
    answers: pd.DataFrame,
    alone: "pd.Series[str]",
    kpi: Kpi,
    settings: ExperimentSettings,
    known: "pd.Series[float]",
) -> Comparison:
    """Both variants in one measure that is read from the join.

    Args:
        answers: Those that count.
        alone: The variant of each customer, as :func:`~experiments.assignment.variants` tells it.
        kpi: The measure.
        settings: The experiment.
        known: As :func:`~experiments.analysis.foretold` has it, of these customers at least.
    """
    assert kpi.parts is not None  # noqa: S101 (of the join)
    sums = answers.groupby(CUSTOMER)[list(kpi.parts)].sum().reindex(alone.index)
    above, below = (sums[part].to_numpy("float64") for part in kpi.parts)
    before = np.asarray(known.reindex(alone.index), np.float64)
    has = alone.to_numpy() == CHALLENGER
    champion, challenger = (Arm(above[side], below[side], before[side]) for side in (~has, has))
    over = excess(champion, challenger, kpi, settings) if kpi.role == "guardrail" and _admits_cases(kpi) else None
    return Comparison(kpi, champion.value, challenger.value, effect(champion, challenger, settings), over)


def _admits_cases(guardrail: Kpi) -> bool:
    return bool(guardrail.tolerance or guardrail.margin)
