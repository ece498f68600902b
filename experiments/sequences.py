"""How far an interval must reach so that it may be looked at every day.

An interval of fixed size is wrong once in twenty looks at 95 %; whoever looks daily and stops at the first
"significant" day is wrong far more often. These intervals hold at all looks at once.
"""

from math import log, sqrt
from statistics import NormalDist

from settings.experiment import ExperimentSettings


def reach(information: float, planned: float, alpha: float) -> float:
    """How many standard errors an always-valid interval reaches to each side of its estimate.

    The asymptotic confidence sequence by a normal mixture of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024),
    "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52, theorem 2.2 and
    (for the width where it is narrowest) appendix B.2; with the information 1/variance for its time.

    Their theorem is of independent summands. Customers who come back add answers that are like their earlier ones;
    such a sum stays longer where it is than one of independent parts with the same variances, and so crosses the
    same boundary less often (Slepian 1962). The
    simulation in :mod:`benchmarks.experiments.simulation` has such customers.

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
