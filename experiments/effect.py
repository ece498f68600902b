"""The difference between two variants in a measure, adjusted by what was known of their customers before."""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from experiments.sequences import planned_information, reach
from feedback.rates import Interval
from recommender.evaluation.kpis import Kpi
from settings.experiment import ExperimentSettings

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Arm:
    """One variant's customers, in one measure.

    Attributes:
        above: Sum above the line of each customer's answers, float [n].
        below: Sum below the line, float [n].
        foretold: What was known of each customer before the experiment and may foretell the measure, float [n].
    """

    above: Values
    below: Values
    foretold: Values

    @property
    def value(self) -> float:
        """The measure; 0 without a case below the line."""
        below = float(self.below.sum())
        return float(self.above.sum()) / below if below else 0.0

    @property
    def cases(self) -> int:
        """Customers with something above the line."""
        return int(np.count_nonzero(self.above))

    @property
    def customers(self) -> int:
        """Customers with something below the line."""
        return int(np.count_nonzero(self.below))

    def influence(self) -> Values:
        """What each customer adds to the measure's error: the linearised ratio (the delta method)."""
        return (self.above - self.value * self.below) / float(self.below.mean())


@dataclass(frozen=True, slots=True)
class Effect:
    """What the challenger changes; both intervals hold at every look.

    Attributes:
        lift: Challenger's measure over champion's, less 1.
        difference: Challenger's measure less champion's.
    """

    lift: Interval
    difference: Interval


def excess(champion: Arm, challenger: Arm, kpi: Kpi, settings: ExperimentSettings) -> Interval | None:
    """How far a share lies above what a guardrail lets the challenger have, with an interval that holds at every look.

    That is the champion's share, more by the guardrail's tolerance, and its margin. Other than the lift it needs no
    case with the champion: one that is never slow beside a challenger that always is must be told. Each side counts
    one customer more with a case in every answer and one with none, so that a share of 0 or 1 has a variance: Agresti
    and Caffo (2000), "Simple and effective confidence intervals for proportions and differences of proportions".

    None while there are too few customers to tell.
    """
    if min(champion.customers, challenger.customers) < settings.minimum_cases:
        return None
    first, second, allowed = _hedged(champion), _hedged(challenger), 1 + (kpi.tolerance or 0.0)
    over, error = _adjusted(first, second, allowed, 1.0)
    over += second.value - allowed * first.value - kpi.margin
    # Narrowest where this much, of the share that both have, would be found.
    gap = kpi.margin + settings.effect * (first.value + second.value) / 2
    planned = planned_information(settings) * (log(1 + settings.effect) / gap) ** 2
    half = reach(error**-2, planned, 1 - settings.confidence) * error
    return Interval(over, over - half, over + half)


def effect(champion: Arm, challenger: Arm, settings: ExperimentSettings) -> Effect | None:
    """The challenger's effect with always-valid intervals; None while there is too little to tell.

    That is too few cases, or customers who are all alike on either side: how far they may differ is not known then.
    """
    if min(champion.cases, challenger.cases) < settings.minimum_cases:
        return None
    base, alpha, planned = champion.value, 1 - settings.confidence, planned_information(settings)
    gain, gain_error = _adjusted(champion, challenger, 1 / base, 1 / challenger.value)
    if gain_error == 0:
        return None
    gain += log(challenger.value / base)
    half = reach(gain_error**-2, planned, alpha) * gain_error
    change, change_error = _adjusted(champion, challenger, 1.0, 1.0)
    change += challenger.value - base
    # A difference is about the base times the logarithm of the ratio: so its plan is that of the latter.
    reached = reach(change_error**-2, planned / base**2, alpha) * change_error
    return Effect(
        Interval(exp(gain) - 1, exp(gain - half) - 1, exp(gain + half) - 1),
        Interval(change, change - reached, change + reached),
    )


def _hedged(arm: Arm) -> Arm:
    """One customer more with a case in each answer, and one with none; nothing else is told of them."""
    answers, foretold = float(arm.below.sum()) / arm.customers, float(arm.foretold.mean())
    return Arm(
        np.append(arm.above, [answers, 0.0]),
        np.append(arm.below, [answers, answers]),
        np.append(arm.foretold, [foretold, foretold]),
    )


def _adjusted(champion: Arm, challenger: Arm, *scales: float) -> tuple[float, float]:
    """The correction of a difference of measures by what was known before, and its standard error.

    CUPED: Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data"; of ratios, its linearised values are adjusted.

    Args:
        champion: One side.
        challenger: The other.
        scales: What each side's values are multiplied by.
    """
    arms = (champion, challenger)
    errors = [arm.influence() * scale for arm, scale in zip(arms, scales, strict=True)]
    known = [arm.foretold - arm.foretold.mean() for arm in arms]
    spread = sum(float(x @ x) for x in known)
    slope = sum(float(x @ y) for x, y in zip(known, errors, strict=True)) / spread if spread else 0.0
    left = [y - slope * x for x, y in zip(known, errors, strict=True)]
    variance = sum(float(y @ y) / (len(y) * (len(y) - 1)) for y in left)
    ahead = float(challenger.foretold.mean() - champion.foretold.mean())
    return -slope * ahead, sqrt(variance)
