"""Shares and their changes, each with an interval."""

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``trials``, which are taken to be independent."""

    hits: int
    trials: int

    @property
    def value(self) -> float:
        """The share, 0 where nothing was tried."""
        return self.hits / self.trials if self.trials else 0.0

    def interval(self, confidence: float) -> Interval:
        """Wilson's score interval, which holds for small counts and shares near 0 and 1.

        Wilson (1927), "Probable inference, the law of succession, and statistical inference".
        """
        if not self.trials:
            return Interval(0.0, 0.0, 1.0)
        z, n, p = _quantile(confidence), self.trials, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def relative_fall(before: Share, now: Share, confidence: float) -> Interval | None:
    """How far ``now`` lies under ``before``, as a share of ``before``; below 0 it has risen.

    The interval is that of the ratio of two independent shares on the log scale (Katz et al. 1978).
    None where either side has no hit, for which the ratio has no interval.
    """
    if not before.hits or not now.hits:
        return None
    ratio = log(now.value / before.value)
    error = sqrt(1 / now.hits - 1 / now.trials + 1 / before.hits - 1 / before.trials)
    reach = _quantile(confidence) * error
    return Interval(1 - exp(ratio), 1 - exp(ratio + reach), 1 - exp(ratio - reach))


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
