"""Directed transitions and co-purchase, in all, near in time and by visit: what is bought before, after and with what.

A visit is all that a customer bought on one day: in which order, the data seldom tells.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.models.candidate_models.sparse_matrices import Matrix, normalised
from recommender.models.histories import Histories

_Weigh: TypeAlias = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.number]]
"""What each pair of an earlier and a later entry weighs."""

_VISIT_DECAY: Final = 0.5

MOST_STEPS: Final = 100
"""Purchases of one customer that lie further apart are no pair."""


def followed_by(histories: Histories, step_decay: float) -> Matrix:
    """How often the column's product was bought after the row's, over the root of the row's total.

    A pair weighs ``step_decay`` for each purchase that lies between the two.
    """
    return normalised(_pairs(histories, _by_steps(step_decay)), row_power=0.5, column_power=0.0)


def preceded_by(histories: Histories, step_decay: float) -> Matrix:
    """As :func:`followed_by`, for what was bought before the row's product."""
    pairs = _pairs(histories, _by_steps(step_decay))
    return normalised(sparse.csr_matrix(pairs.T), row_power=0.5, column_power=0.0)


def bought_together(histories: Histories) -> Matrix:
    """How many customers bought both, over the root of the row's total and the column's total^0.2."""
    return _either_way(_pairs(histories, _by_steps(1.0)))


def bought_close(histories: Histories, days: float) -> Matrix:
    """As :func:`bought_together`, each pair weighing exp(-gap / ``days``)."""

    def by_gap(earlier: NDArray[np.int64], later: NDArray[np.int64]) -> NDArray[np.number]:
        return np.exp(-(histories.days[later] - histories.days[earlier]) / np.float32(days))

    return _either_way(_pairs(histories, by_gap))


def bought_same_day(histories: Histories) -> Matrix:
    """As :func:`bought_together`, of what was bought in one visit."""

    def within_visit(earlier: NDArray[np.int64], later: NDArray[np.int64]) -> NDArray[np.number]:
        return (histories.visits[earlier] == histories.visits[later]).astype(np.float32)

    return _either_way(_pairs(histories, within_visit))


def bought_next_visit(histories: Histories) -> Matrix:
    """As :func:`followed_by`, of what was bought in later visits; a pair weighs half for each visit between."""

    def by_visits(earlier: NDArray[np.int64], later: NDArray[np.int64]) -> NDArray[np.number]:
        apart = histories.visits[later] - histories.visits[earlier]
        return np.where(apart > 0, np.power(_VISIT_DECAY, apart - 1.0), 0)

    return normalised(_pairs(histories, by_visits), row_power=0.5, column_power=0.0)


def _either_way(pairs: Matrix) -> Matrix:
    """Pairs in either order, popular products damped."""
    return normalised(sparse.csr_matrix(pairs + pairs.T), row_power=0.5, column_power=0.2)


def _by_steps(decay: float) -> _Weigh:
    return lambda earlier, later: np.power(decay, later - earlier - 1.0)


def _pairs(histories: Histories, weigh: _Weigh) -> Matrix:
    """Earlier × later product over all pairs of one customer's purchases, each with its weight, summed."""
    total = sparse.csr_matrix((histories.product_count, histories.product_count), dtype=np.float32)
    for earlier, later in _steps(histories):
        weights = np.asarray(weigh(earlier, later), np.float32)
        counted = weights > 0
        cells = (histories.products[earlier[counted]], histories.products[later[counted]])
        total = total + sparse.csr_matrix((weights[counted], cells), shape=total.shape)
    return sparse.csr_matrix(total)


def _steps(histories: Histories) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Entries of one customer that lie 1, 2, ... ``MOST_STEPS`` steps apart.

    The bound keeps a customer with thousands of purchases from costing the square of them.
    """
    owners = histories.owners
    for step in range(1, min(MOST_STEPS, int(histories.lengths.max(initial=0)) - 1) + 1):
        earlier = np.flatnonzero(owners[step:] == owners[:-step])
        yield earlier, earlier + step
