"""The difference between two variants in a measure, adjusted by what was known of their customers before.

An interval of fixed size is wrong once in twenty looks at 95 %; whoever looks daily and stops at the first
"significant" day is wrong far more often. The intervals here hold at all looks at once.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.kpis import Kpi
from recommender.evaluation.metrics import Interval
from settings.experiment import ExperimentSettings

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Arm:
    """One variant's customers, in one measure.

    Attributes:
        above: Sum above the line of each customer's answers, float [n].
        below: Sum below the line, float [n].
        covariate: Known of each customer before the experiment, and possibly predictive of the measure, float [n].
    """

    above: Values
    below: Values
    covariate: Values

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
        """Each customer's contribution to the measure's error: the linearised ratio (the delta method)."""
        return (self.above - self.value * self.below) / float(self.below.mean())


@dataclass(frozen=True, slots=True)
class TreatmentEffect:
    """The challenger's effect; both intervals hold at every look.

    Attributes:
        lift: Challenger's measure over champion's, less 1.
        difference: Challenger's measure less champion's.
    """

    lift: Interval
    difference: Interval


def guardrail_excess(champion: Arm, challenger: Arm, kpi: Kpi, settings: ExperimentSettings) -> Interval | None:
    """How far a share exceeds what a guardrail allows the challenger, with an interval that holds at every look.

    Allowed is the champion's share, increased by the guardrail's tolerance, plus its margin. Unlike the lift this needs
    no case with the champion: a champion that is never slow beside a challenger that always is must be detected. Each
    side counts one more customer with a case in every answer and one with none, so that a share of 0 or 1 has a
    variance: Agresti and Caffo (2000), "Simple and effective confidence intervals for proportions and differences of
    proportions".

    None while there are too few customers.
    """
    if min(champion.customers, challenger.customers) < settings.minimum_cases:
        return None
    first, second, allowed = _hedged(champion), _hedged(challenger), 1 + (kpi.tolerance or 0.0)
    over, error = _adjusted(first, second, allowed, 1.0)
    over += second.value - allowed * first.value - kpi.margin
    # The interval is narrowest where a gap of this size would be found.
    gap = kpi.margin + settings.effect * (first.value + second.value) / 2
    planned = planned_information(settings) * (log(1 + settings.effect) / gap) ** 2
    half = always_valid_z(error**-2, planned, 1 - settings.confidence) * error
    return Interval(over, over - half, over + half)


def treatment_effect(champion: Arm, challenger: Arm, settings: ExperimentSettings) -> TreatmentEffect | None:
    """The challenger's effect with always-valid intervals; None while there is too little data.

    That is too few cases, or customers who are all alike on either side, so that their variance is unknown.
    """
    if min(champion.cases, challenger.cases) < settings.minimum_cases:
        return None
    base, alpha, planned = champion.value, 1 - settings.confidence, planned_information(settings)
    gain, gain_error = _adjusted(champion, challenger, 1 / base, 1 / challenger.value)
    if gain_error == 0:
        return None
    gain += log(challenger.value / base)
    half = always_valid_z(gain_error**-2, planned, alpha) * gain_error
    change, change_error = _adjusted(champion, challenger, 1.0, 1.0)
    change += challenger.value - base
    # A difference is about the base times the logarithm of the ratio, so its planned information follows from that.
    reached = always_valid_z(change_error**-2, planned / base**2, alpha) * change_error
    return TreatmentEffect(
        Interval(exp(gain) - 1, exp(gain - half) - 1, exp(gain + half) - 1),
        Interval(change, change - reached, change + reached),
    )


def _hedged(arm: Arm) -> Arm:
    """One more customer with a case in each answer and one with none, both with the mean covariate."""
    answers, covariate = float(arm.below.sum()) / arm.customers, float(arm.covariate.mean())
    return Arm(
        np.append(arm.above, [answers, 0.0]),
        np.append(arm.below, [answers, answers]),
        np.append(arm.covariate, [covariate, covariate]),
    )


def _adjusted(champion: Arm, challenger: Arm, *scales: float) -> tuple[float, float]:
    """The correction of a difference of scaled measures by what was known before, and its standard error.

    CUPED: Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data"; of ratios, its linearised values are adjusted.
    """
    arms = (champion, challenger)
    errors = [arm.influence() * scale for arm, scale in zip(arms, scales, strict=True)]
    known = [arm.covariate - arm.covariate.mean() for arm in arms]
    spread = sum(float(x @ x) for x in known)
    slope = sum(float(x @ y) for x, y in zip(known, errors, strict=True)) / spread if spread else 0.0
    left = [y - slope * x for x, y in zip(known, errors, strict=True)]
    variance = sum(float(y @ y) / (len(y) * (len(y) - 1)) for y in left)
    ahead = float(challenger.covariate.mean() - champion.covariate.mean())
    return -slope * ahead, sqrt(variance)


def always_valid_z(information: float, planned: float, alpha: float) -> float:
    """How many standard errors an always-valid interval reaches to each side of its estimate.

    The asymptotic confidence sequence by a normal mixture of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024),
    "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52, theorem 2.2 and
    (for the width where it is narrowest) appendix B.2; with the information 1/variance for its time.

    Their theorem is of independent summands. Customers who come back add answers that are like their earlier ones;
    such a sum moves less than one of independent parts with the same variances, and so crosses the same boundary
    less often (Slepian 1962). The simulation in :mod:`benchmarks.experiments.simulation` has such customers.

    Args:
        information: One over the estimate's variance.
        planned: The information at which the interval is to be narrowest; it must not follow from the data.
        alpha: Chance that the true value is ever left out.
    """
    spread = information * (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / planned
    return sqrt(2 * (1 + 1 / spread) * log(sqrt(spread + 1) / alpha))


def planned_information(settings: ExperimentSettings) -> float:
    """Of the logarithm of a ratio: what one look at the end would need to find the planned gain."""
    alpha = 1 - settings.confidence
    standard_errors = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(settings.power)
    return (standard_errors / log(1 + settings.effect)) ** 2
