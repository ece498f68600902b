"""Power analysis: how many customers an experiment needs."""

from dataclasses import dataclass
from math import ceil, log, sqrt
from statistics import NormalDist

from experiments.effect import always_valid_z, planned_information
from feedback.ratio_intervals import Ratio
from settings.experiment import ExperimentSettings


@dataclass(frozen=True, slots=True)
class SampleSize:
    """The customers that an experiment needs.

    Attributes:
        customers: In both variants together, for always-valid intervals.
        with_one_look: How many would suffice with a single look at the end.
    """

    customers: int
    with_one_look: int


def required_sample_size(variance: float, settings: ExperimentSettings) -> SampleSize:
    """The customers with whom the planned gain is found with at least the planned power.

    At least: the power is that of the last look; some experiments end at an earlier one.

    Args:
        variance: One customer's share of the variance of the logarithm of the measure (:func:`log_ratio_variance`).
        settings: The experiment; its share is that of the challenger.
    """
    # One over the variance of the difference, for each customer in the experiment.
    information = settings.share * (1 - settings.share) / variance
    planned = planned_information(settings)
    return SampleSize(ceil(_sufficient(planned, settings) / information), ceil(planned / information))


def log_ratio_variance(ratio: Ratio, customers: int) -> float:
    """One customer's share of the variance of the logarithm of a measure, from the data of ``customers`` of them."""
    return ratio.variance / ratio.value**2 * customers


def log_share_variance(share: float, answers: float) -> float:
    """The same for a share, with this many independent answers to each customer."""
    return (1 - share) / (share * answers)


def _sufficient(planned: float, settings: ExperimentSettings) -> float:
    """The least information at which the planned gain crosses the boundary with the planned power."""
    gain, margin = log(1 + settings.effect), NormalDist().inv_cdf(settings.power)
    low, high = planned, 100 * planned
    while high / low > 1 + 1e-6:
        middle = sqrt(low * high)
        enough = gain * sqrt(middle) - always_valid_z(middle, planned, 1 - settings.confidence) >= margin
        low, high = (low, middle) if enough else (middle, high)
    return high
