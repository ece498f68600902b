"""Item-kNN as published: the cosine of two products' customers."""

import numpy as np

from recommender.evaluation.baselines.item_knn import cosine_of_uses
from recommender.models.histories import Histories


def test_it_is_the_cosine_of_binary_uses():
    rng = np.random.default_rng(0)
    sequences = [rng.permutation(7)[: rng.integers(1, 5)].tolist() for _ in range(40)]
    histories = Histories.from_sequences(sequences, [[0] * len(s) for s in sequences], product_count=9)
    uses = np.zeros((40, 9))
    for customer, sequence in enumerate(sequences):
        uses[customer, sequence] = 1
    sizes = np.maximum(np.sqrt(uses.sum(axis=0)), 1)
    expected = uses.T @ uses / np.outer(sizes, sizes)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(cosine_of_uses(histories).toarray(), expected, atol=1e-6)
