"""The validation level: purchases hidden below the held-out ones, on which simple models' settings are chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.config.evaluation import EvaluationSettings, SplitKind
from recommender.models.histories import Histories
from recommender.models.products.families import Families
from recommender.splits.families import judged

Hide: TypeAlias = Callable[[Histories, EvaluationSettings, np.random.Generator], NDArray[np.bool_]]


@dataclass(frozen=True)
class HiddenLevel:
    """What is known of every customer, and what is to be found.

    Attributes:
        known: What may be learnt from; all customers, in their order.
        owners: int64[hidden]; the customer of each hidden product, rising.
        products: int64[hidden]; the hidden products.
    """

    known: Histories
    owners: NDArray[np.int64]
    products: NDArray[np.int64]

    def of(self, customers: NDArray[np.int64]) -> "HiddenLevel":
        """The same with what these customers are to find alone."""
        chosen = np.isin(self.owners, customers)
        return HiddenLevel(self.known, self.owners[chosen], self.products[chosen])

    def of_new_families(self, families: Families) -> "HiddenLevel":
        """The same without other variants of what their customers have; with them where there is nothing else."""
        has = self.known.select(self.owners)
        same = families.codes[has.products] == families.codes[self.products][has.owners]
        chosen = judged(np.isin(np.arange(len(self.products)), has.owners[same]))
        return HiddenLevel(self.known, self.owners[chosen], self.products[chosen])


def hide_purchases(histories: Histories, settings: EvaluationSettings, seed: int) -> HiddenLevel | None:
    """Hide purchases as the split holds them out, one level below it: nothing of the test is looked at.

    ``histories`` are those of the split's training part. None where nothing can be hidden (every customer has one
    product alone).
    """
    hidden = _HIDE[settings.split](histories, settings, np.random.default_rng(seed))
    if not hidden.any():
        return None
    known = histories.keep(~hidden & ~_later(histories, hidden, settings.split))
    return HiddenLevel(known, histories.owners[hidden], histories.products[hidden].astype(np.int64))


def _last(histories: Histories, _: EvaluationSettings, __: np.random.Generator) -> NDArray[np.bool_]:
    return histories.is_last


def _random(histories: Histories, settings: EvaluationSettings, rng: np.random.Generator) -> NDArray[np.bool_]:
    return histories.random_entries(settings.test_share, rng)


def _by_time(histories: Histories, settings: EvaluationSettings, _: np.random.Generator) -> NDArray[np.bool_]:
    """The first ``targets`` products from a day on, of the customers who had one before it."""
    new = histories.days >= _first_day(histories, settings.test_share)
    before = np.bincount(histories.owners[~new], minlength=len(histories))
    place = np.arange(len(new)) - histories.starts[:-1][histories.owners] - before[histories.owners]
    return new & (before[histories.owners] > 0) & (place < settings.targets)


def _whole_customers(histories: Histories, settings: EvaluationSettings, rng: np.random.Generator) -> NDArray[np.bool_]:
    return (rng.random(len(histories)) < settings.test_share)[histories.owners]


def _later(histories: Histories, hidden: NDArray[np.bool_], kind: SplitKind) -> NDArray[np.bool_]:
    """bool[entries]: what a split by time does not know either: all from the first hidden day on."""
    if kind not in ("time", "rolling"):
        return np.zeros(len(hidden), np.bool_)
    return histories.days >= histories.days[hidden].min()


def _first_day(histories: Histories, share: float) -> float:
    return float(np.quantile(histories.days, 1 - share)) if len(histories.days) else 0.0


_HIDE: Final[Mapping[SplitKind, Hide]] = {
    "last": _last,
    "time": _by_time,
    "rolling": _by_time,
    "random": _random,
    "customers": _whole_customers,
}
