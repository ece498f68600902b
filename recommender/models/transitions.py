"""Directed transitions and time-decayed co-purchase: what is bought before, after and near what."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.models.histories import Histories
from recommender.models.similarity import Matrix, normalised


def followed_by(histories: Histories, step_decay: float) -> Matrix:
    """How often the column's product was bought after the row's, over the root of the row's total.

    A pair weighs ``step_decay`` for each purchase that lies between the two.
    """
    return normalised(_pairs(histories, step_decay), row_power=0.5, column_power=0.0)


def preceded_by(histories: Histories, step_decay: float) -> Matrix:
    """As :func:`followed_by`, for what was bought before the row's product."""
    return normalised(sparse.csr_matrix(_pairs(histories, step_decay).T), row_power=0.5, column_power=0.0)


def bought_together(histories: Histories) -> Matrix:
    """How many customers bought both, over the root of the row's total and the column's total^0.2."""
    pairs = _pairs(histories)
    return normalised(sparse.csr_matrix(pairs + pairs.T), row_power=0.5, column_power=0.2)


def bought_close(histories: Histories, days: float) -> Matrix:
    """As :func:`bought_together`, each pair weighing exp(-gap / ``days``)."""
    pairs = _pairs(histories, days=days)
    return normalised(sparse.csr_matrix(pairs + pairs.T), row_power=0.5, column_power=0.2)


def _pairs(histories: Histories, step_decay: float = 1.0, days: float | None = None) -> Matrix:
    """Earlier × later product over all pairs of one customer's purchases, each with its weight, summed."""
    total = sparse.csr_matrix((histories.product_count, histories.product_count), dtype=np.float32)
    for between, (earlier, later) in enumerate(_steps(histories)):
        weights = np.full(len(earlier), step_decay**between, np.float32)
        if days is not None:
            weights *= np.exp(-(histories.days[later] - histories.days[earlier]) / np.float32(days))
        cells = (histories.products[earlier], histories.products[later])
        total = total + sparse.csr_matrix((weights, cells), shape=total.shape)
    return sparse.csr_matrix(total)


def _steps(histories: Histories, most: int = 100) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Entries of one customer that lie 1, 2, ... ``most`` steps apart.

    The bound keeps a customer with thousands of purchases from costing the square of them.
    """
    owners = histories.owners
    for step in range(1, min(most, int(histories.lengths.max(initial=0)) - 1) + 1):
        earlier = np.flatnonzero(owners[step:] == owners[:-step])
        yield earlier, earlier + step
