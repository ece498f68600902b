"""How similar candidates are to their customer's history: by item-to-item models, and by the network's vectors."""

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_batch import CandidateBatch
from recommender.models.candidate_models.neighbours import Neighbours

Block = NDArray[np.float32]


def similarity_features(neighbours: Neighbours, batch: CandidateBatch) -> tuple[Block, Block]:
    """Similarity by each model to the whole history (decayed sum), to its nearest, last and last day's products.

    Customer by customer: how sums round depends on how many are summed at once.

    Returns:
        float32[4, families, candidates]; and float32[1, candidates], how many products of the history are neighbours.
    """
    products, candidates = batch.histories.products, batch.candidates.products
    rows = np.empty((4, len(neighbours.families), len(candidates)), np.float32)
    linked = np.empty((1, len(candidates)), np.float32)
    for (entries, own), last_day in zip(batch.entries_and_candidates, batch.last_days, strict=True):
        linked[0, own] = _likeness(neighbours, products[entries], candidates[own], last_day, rows[:, :, own])
    return rows, linked


def _likeness(
    neighbours: Neighbours, history: NDArray[np.int32], products: NDArray[np.int64], last_day: int, rows: Block
) -> NDArray[np.int64]:
    """Write one customer's rows; how many products of the history are neighbours of each candidate."""
    entry, candidate, values = neighbours.table.among(history, products)
    size, (families, candidates) = len(history), rows.shape[1:]
    shape = size, families, candidates
    places = (entry * (families * candidates) + candidate)[:, None] + np.arange(families) * candidates
    cells = _filled(shape, 0, places, values)
    linked = np.bincount(candidate, minlength=candidates)
    rows[0] = (neighbours.weights(size) @ cells.reshape(size, families * candidates)).reshape(families, candidates)
    cells.max(axis=0, initial=0, out=rows[1])
    if values.min(initial=0) < 0:
        # EASE's similarity may be negative: what is no neighbour must not hide it.
        rows[1] = np.where(linked > 0, _filled(shape, -np.inf, places, values).max(axis=0), np.float32(0))
    cells[size - 1 :].sum(axis=0, out=rows[2])
    if last_day > 1:
        cells[-last_day:].sum(axis=0, out=rows[3])
    else:
        rows[3] = rows[2]
    return linked


def _filled(shape: tuple[int, ...], nothing: float, places: NDArray[np.int64], values: Block) -> Block:
    """``values`` at their places, ``nothing`` everywhere else."""
    cells = np.full(shape, nothing, np.float32) if nothing else np.zeros(shape, np.float32)
    cells.reshape(-1)[places] = values
    return cells


def vector_similarity_features(vectors: Block, lengths: Block, batch: CandidateBatch) -> Block:
    """Cosine of the network's vectors with those of the history: the nearest, the last one's, the mean.

    Customer by customer, as above.
    """
    used = _unit(vectors, lengths, batch.histories.products)
    others = _unit(vectors, lengths, batch.candidates.products)
    rows = np.full((3, len(others)), np.nan, np.float32)
    for entries, own in batch.entries_and_candidates:
        if size := entries.stop - entries.start:
            cosines = used[entries] @ others[own].T
            cosines.max(axis=0, out=rows[0, own])
            rows[1, own] = cosines[-1]
            np.divide(cosines.sum(axis=0), size, out=rows[2, own])
    return rows


def _unit(vectors: Block, lengths: Block, products: NDArray[np.integer]) -> Block:
    """The products' vectors, of length one; of length zero where nothing is known."""
    return vectors.take(products, axis=0) / lengths.take(products, axis=0)
