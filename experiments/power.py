"""How many customers an experiment needs."""

from dataclasses import dataclass
from math import ceil, log, sqrt
from statistics import NormalDist

from experiments.sequences import planned_information, reach
from feedback.rates import Ratio
from settings.experiment import ExperimentSettings


@dataclass(frozen=True, slots=True)
class Needed:
    """What an experiment needs.

    Attributes:
        customers: In both variants together, for always-valid intervals.
        with_one_look: How many would do if one looked once only, at the end.
    """

    customers: int
    with_one_look: int


def needed(spread: float, settings: ExperimentSettings) -> Needed:
    """Customers after whom the planned gain is found with at least the planned power.

    At least: the chance counted is that of the last look; some experiments are over at an earlier one.

    Args:
        spread: Of the logarithm of the measure: variance of one customer's part of it (:func:`spread_of`).
        settings: The experiment; its share is that of the challenger.
    """
    # One over the variance of the difference, for each customer in the experiment.
    each = settings.share * (1 - settings.share) / spread
    planned = planned_information(settings)
    return Needed(ceil(_enough(planned, settings) / each), ceil(planned / each))


def spread_of(ratio: Ratio, customers: int) -> float:
    """Variance of one customer's part of the logarithm of a measure, from what ``customers`` of them have shown."""
    return ratio.variance / ratio.value**2 * customers


def spread_of_share(share: float, answers: float) -> float:
    """The same of a share of so many independent answers to each customer."""
    return (1 - share) / (share * answers)


def _enough(planned: float, settings: ExperimentSettings) -> float:
    """The least information at which the planned gain crosses the boundary with the planned power."""
    gain, margin = log(1 + settings.effect), NormalDist().inv_cdf(settings.power)
    low, high = planned, 100 * planned
    while high / low > 1 + 1e-6:
        middle = sqrt(low * high)
        enough = gain * sqrt(middle) - reach(middle, planned, 1 - settings.confidence) >= margin
        low, high = (low, middle) if enough else (middle, high)
    return high
