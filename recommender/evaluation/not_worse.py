"""Whether a challenger is not worse than another model on the same customers, and how much such a test can tell.

A non-inferiority test: with the set confidence, NDCG must not fall by more than a margin. What few customers can tell
apart is coarse, so that a margin fit for thousands refuses most models that are as good as the present one in a small
shop. There the margin is as wide as such a model needs to pass with the set chance, up to a bound.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.config.evaluation import GateSettings
from recommender.evaluation.metrics import bootstrap_means

_NORMAL: Final = NormalDist()


@dataclass(frozen=True)
class NotWorse:
    """One paired comparison.

    Attributes:
        difference: The challenger's NDCG less the other model's, float64[customers].
        base: The other model's NDCG, float64[customers].
        settings: Margins, confidence and the chance that an equally good model shall have.
        resamples: Of the bootstrap (Efron and Tibshirani, 1993).
        seed: Of the bootstrap.
        erased: Whether the other model knows customers who were erased since.
    """

    difference: NDArray[np.float64]
    base: NDArray[np.float64]
    settings: GateSettings
    resamples: int
    seed: int
    erased: bool = False

    @property
    def passed(self) -> bool:
        """Whether it falls by no more than the margin, with the set confidence."""
        return self.low >= -self.allowed

    @property
    def certainly_better(self) -> bool:
        """Whether it rises, with the set confidence."""
        return self.low > 0

    @cached_property
    def low(self) -> float:
        """The least difference that is believable.

        The one-sided bound of the paired bootstrap; and, of a challenger that is not certainly better, the loss that
        may not have shown among so few. An erasure waits for neither.
        """
        bound = float(np.quantile(self._means, 1 - self.settings.confidence))
        return bound if bound > 0 or self.erased else min(bound, -self.unseen * self.level)

    @cached_property
    def unseen(self) -> float:
        """The loss, as a share, of which nothing shows with the chance 1 - ``confidence``.

        A model that loses each find with the chance x keeps all n of the other model's with (1 - x)^n, which the
        bootstrap cannot know: it draws from what was seen.
        """
        return 1 - (1 - self.settings.confidence) ** (1 / self.finds) if self.finds else 0.0

    @property
    def finds(self) -> int:
        """For how many customers the other model finds anything."""
        return int(np.count_nonzero(self.base))

    @property
    def is_unseen(self) -> bool:
        """Whether the finds are too few to show the loss that is allowed."""
        return not self.erased and self.unseen > self.margin

    @property
    def allowed(self) -> float:
        """The loss of NDCG that is allowed."""
        return self.margin * self.level

    @cached_property
    def margin(self) -> float:
        """The loss that is allowed, as a share of the other model's NDCG.

        It depends on the other model and the number of customers alone: a challenger cannot widen it.
        """
        least = max(self.settings.margin, self.settings.erasure_margin if self.erased else 0.0)
        return max(least, min(self.wanted_margin, self.settings.most_margin))

    @property
    def is_widened(self) -> bool:
        """Whether the margin is wider than the set one because there are few customers."""
        return not self.erased and self.margin > self.settings.margin

    @property
    def wanted_margin(self) -> float:
        """The margin with which an equally good model passes with the set chance at this number of customers.

        Two equally good models answer a customer alike as often as ``likeness`` (a correlation) says, so that the
        difference's standard error is known before any challenger is.
        """
        if not self.level:
            return 0.0
        error = float(self.base.std()) * math.sqrt(2 * (1 - self.settings.likeness) / self.customers)
        return self._errors * error / self.level

    @property
    def power(self) -> float:
        """The chance that a model as good as the other one passes, as far as this challenger's answers differ."""
        if self.is_unseen:
            return 0.0
        return _NORMAL.cdf(self.allowed / self.error - self._confidence) if self.error else 1.0

    @property
    def customers_needed(self) -> int:
        """Tested customers with whom an equally good model would pass with the set chance under this margin."""
        if not self.allowed:
            return 0
        times = (self._errors * self.error / self.allowed) ** 2
        if self.margin < 1 and not self.erased:
            times = max(times, math.log(1 - self.unseen) / math.log(1 - self.margin))
        return math.ceil(self.customers * times)

    @property
    def margin_needed(self) -> float:
        """The least margin with which this challenger would pass."""
        return -self.low / self.level if self.level else 0.0

    @property
    def change(self) -> float:
        """The measured difference as a share of the other model's NDCG."""
        return self.mean / self.level if self.level else 0.0

    @property
    def mean(self) -> float:
        """The measured difference."""
        return float(self.difference.mean()) if self.customers else 0.0

    @property
    def level(self) -> float:
        """The other model's NDCG."""
        return float(self.base.mean()) if self.customers else 0.0

    @property
    def customers(self) -> int:
        """How many customers both were tested on."""
        return len(self.difference)

    @property
    def error(self) -> float:
        """Standard error of the measured difference."""
        return float(self.difference.std()) / math.sqrt(self.customers) if self.customers else 0.0

    @cached_property
    def _means(self) -> NDArray[np.float64]:
        return bootstrap_means(self.difference, self.resamples, self.seed) if self.customers else np.zeros(1)

    @property
    def _confidence(self) -> float:
        return _NORMAL.inv_cdf(self.settings.confidence)

    @property
    def _errors(self) -> float:
        """Standard errors between a margin and zero, for the set confidence and chance together."""
        return self._confidence + _NORMAL.inv_cdf(self.settings.power)
