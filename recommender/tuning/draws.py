"""What trials may see of the histories that tuning is given, and the purchase hidden from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.models.histories import Histories


@dataclass(frozen=True)
class Draw:
    """What may be learnt from, each customer's last purchase to be found.

    Attributes:
        known: Each customer's purchases, the hidden one last.
    """

    known: Histories

    @cached_property
    def histories(self) -> Histories:
        """What may be fitted on: each customer's purchases less the hidden one."""
        return self.known.without_last()

    @cached_property
    def hidden(self) -> NDArray[np.int64]:
        """The product to be found, int64[customers]; -1 for a customer who had none to spare."""
        return self.known.last()


def draws(histories: Histories, count: int, seed: int) -> list[Draw]:
    """The last purchase is hidden; without dates, ``count`` times another one by the seed.

    Args:
        histories: What may be learnt from, held-out purchases not included.
        count: How often a purchase is hidden where there are no dates. With dates there is but one last purchase.
        seed: Of the order in which undated purchases are hidden.
    """
    orders = [histories] if histories.has_days else [histories, *_shuffled(histories, count - 1, seed)]
    return [Draw(order) for order in orders]


def _shuffled(histories: Histories, count: int, seed: int) -> Iterator[Histories]:
    """Each customer's purchases in other orders."""
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        order = np.lexsort((rng.random(len(histories.products)), histories.owners))
        yield Histories(histories.starts, histories.products[order], histories.days[order], histories.product_count)
