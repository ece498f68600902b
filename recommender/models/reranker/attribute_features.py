"""Attributes that candidates share with their customer's history: brands, categories and sections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_batch import CandidateBatch
from recommender.models.pair_table import PairTable
from recommender.models.products.attributes import UNKNOWN, Attribute


@dataclass(frozen=True)
class AttributeTable:
    """Several attributes as one, to be looked up at once: the values of each are numbered on from the one before it.

    Attributes:
        codes: int64[attributes, products]; the value's number. Where it is not known that is the last one, which no
            product has in truth.
        transitions: As :class:`Attribute` has them, of all values.
    """

    codes: NDArray[np.int64]
    transitions: PairTable

    @classmethod
    def from_attributes(cls, attributes: Sequence[Attribute], products: int) -> Self:
        """Join the attributes of as many products."""
        tables = [attribute.transitions for attribute in attributes]
        first = np.cumsum([0, *(table.width for table in tables)])
        cells = np.cumsum([0, *(len(table.columns) for table in tables)])
        unknown = first[-1]
        codes = np.empty((len(attributes), products), np.int64)
        for row, attribute, before in zip(codes, attributes, first, strict=False):
            row[:] = np.where(attribute.codes == UNKNOWN, unknown, attribute.codes + before)
        starts = [table.starts[:-1] + before for table, before in zip(tables, cells, strict=False)]
        columns = [table.columns + before for table, before in zip(tables, first, strict=False)]
        joined = PairTable(
            starts=np.concatenate([*starts, cells[-1:], cells[-1:]]),
            columns=np.concatenate([*columns, np.empty(0, np.int64)]).astype(np.int32),
            values=np.concatenate([*(table.values for table in tables), np.empty((0, 1), np.float32)]),
            width=int(unknown) + 1,
        )
        return cls(codes, joined)


def attribute_features(values: AttributeTable, batch: CandidateBatch) -> NDArray[np.float32]:
    """Each attribute's count and share in the history, whether the last product has it, and the transition's rate.

    They are looked up, by customer, of the values that some candidate has; the number 0 is for all others.
    """
    histories, lengths, some = batch.histories, batch.candidates.lengths, batch.with_history
    own = values.codes.take(batch.candidates.products, axis=1)
    used = values.codes.take(histories.products, axis=1)
    number, size = _numbered(own, values.transitions.width)
    begin = np.arange(0, len(batch) * size, size)
    cells = number.take(own) + begin.repeat(lengths)
    counts = np.bincount((number.take(used) + begin.repeat(histories.lengths)).ravel(), minlength=len(batch) * size)
    last = used.take(batch.last, axis=1)
    latest, rates = np.zeros((2, len(batch) * size), np.float32)
    latest[number.take(last) + begin[some]] = 1
    after = values.transitions.row_cells(last.ravel())
    places = number.take(after.columns) + begin[some].take(after.entries, mode="wrap")
    rates[places] = values.transitions.values.take(after.places)
    rows = np.empty((len(own), 4, own.shape[1]), np.float32)
    for row, table in ((0, counts), (2, latest), (3, rates)):
        table[::size] = 0
        rows[:, row] = table.take(cells)
    np.divide(rows[:, 0], np.maximum(histories.lengths, 1, dtype=np.float32).repeat(lengths), out=rows[:, 1])
    if len(some) < len(batch):
        rows[:, 2, (histories.lengths == 0).repeat(lengths)] = np.nan
    return rows.reshape(4 * len(own), own.shape[1])


def _numbered(codes: NDArray[np.int64], width: int) -> tuple[NDArray[np.int64], int]:
    """Numbers from 1 for the known values that are among ``codes``, and how many numbers there are with 0."""
    there = np.zeros(width, np.bool_)
    there[codes] = True
    there[-1] = False
    found = there.nonzero()[0]
    number = np.zeros(width, np.int64)
    number[found] = np.arange(1, len(found) + 1)
    return number, len(found) + 1
