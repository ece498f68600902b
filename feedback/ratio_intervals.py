"""Ratios of sums over answers and their changes, with intervals that allow for several answers to one customer."""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from recommender.evaluation.metrics import Interval


@dataclass(frozen=True, slots=True)
class Ratio:
    """One sum over another, with its variance.

    Attributes:
        value: The ratio; 0 where the lower sum is 0.
        weight: The lower sum: of a share, how many were tried.
        variance: Of ``value``.
        independent: Of a share, its effective number of independent trials.
    """

    value: float
    weight: float
    variance: float
    independent: float

    @classmethod
    def from_answers(cls, upper: npt.ArrayLike, lower: npt.ArrayLike, owners: npt.ArrayLike) -> Self:
        """The ratio of sums over answers, float [n]; those of one owner may be alike, so owners are counted.

        The variance is the linearised one of a ratio under cluster sampling: Cochran (1977), "Sampling
        Techniques", sections 6.4 and 9A; Deng, Knoblich and Lu (2018), "Applying the delta method in metric analytics".
        """
        above, below = _sums(upper, lower, owners)
        return cls.from_clusters(above, below)

    @classmethod
    def from_clusters(cls, above: npt.NDArray[np.float64], below: npt.NDArray[np.float64]) -> Self:
        """The same from each owner's two sums, float [m owners]."""
        weight, owners = float(below.sum()), int(np.count_nonzero(below))
        if not weight:
            return cls(0.0, 0.0, 0.0, 0.0)
        value = float(above.sum()) / weight
        spread = owners / max(1, owners - 1)
        variance = float(((above - value * below) ** 2).sum()) * spread / weight**2
        return cls(value, weight, variance, _independent(value, variance, weight, owners))

    @classmethod
    def from_counts(cls, hits: int, trials: int) -> Self:
        """The share of ``hits`` in ``trials`` that are independent."""
        value = hits / trials if trials else 0.0
        return cls(value, trials, value * (1 - value) / trials if trials else 0.0, trials)

    def interval(self, confidence: float, *, share: bool) -> Interval:
        """Wilson's interval of a share, over the independent trials it counts as; else the normal one.

        Wilson (1927), "Probable inference, the law of succession, and statistical inference"; with clusters:
        Korn and Graubard (1998), "Confidence intervals for proportions with small expected number of positive counts".
        """
        if share:
            return self._wilson(_quantile(confidence))
        reach = _quantile(confidence) * sqrt(self.variance)
        return Interval(self.value, self.value - reach, self.value + reach)

    def _wilson(self, z: float) -> Interval:
        p, n = self.value, self.independent
        if not n:
            return Interval(0.0, 0.0, 1.0)
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def relative_fall(before: Ratio, now: Ratio, confidence: float) -> Interval | None:
    """How far ``now`` lies below ``before``, as a share of ``before``; negative where it has risen.

    The interval is that of the ratio of two independent ratios on the log scale (of shares: Katz et al. 1978).
    None where either is 0, for which the ratio has no interval.
    """
    if before.value <= 0 or now.value <= 0:
        return None
    ratio = log(now.value / before.value)
    error = sqrt(now.variance / now.value**2 + before.variance / before.value**2)
    reach = _quantile(confidence) * error
    return Interval(1 - exp(ratio), 1 - exp(ratio + reach), 1 - exp(ratio - reach))


def _sums(*columns: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The sums of the first two columns by the third."""
    upper, lower, owners = (np.asarray(column) for column in columns)
    _, index = np.unique(owners.astype(str), return_inverse=True)
    count = int(index.max()) + 1 if len(index) else 0
    above, below = (np.bincount(index, side.astype(np.float64), count).astype(np.float64) for side in (upper, lower))
    return above, below


def _independent(value: float, variance: float, weight: float, owners: int) -> float:
    """How many independent trials have this variance; where none or all hit, each owner is one."""
    alone = value * (1 - value)
    if alone <= 0 or variance <= 0:
        return float(owners)
    return min(weight, alone / variance)


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
