import numpy as np
from small_histories import small_histories

from recommender.models.bm25 import bm25
from recommender.models.ease import ease

HISTORIES = small_histories([0, 1, 2], [1, 2], [0, 3], [3, 1], [2, 0], [4])


def direct(regularisation):
    """The closed form as in the paper, in double precision."""
    used = HISTORIES.matrix().toarray().astype(float)
    inverse = np.linalg.inv(used.T @ used + regularisation * np.eye(used.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return np.where(weights < 1e-4, 0, weights)


def test_weights_are_the_closed_form():
    for regularisation in (0.5, 10.0):
        found = ease(HISTORIES, regularisation, neighbours=5).toarray()
        np.testing.assert_allclose(found, direct(regularisation), atol=1e-5)
        assert found.any()


def test_only_the_strongest_neighbours_stay():
    found = ease(HISTORIES, 1.0, neighbours=1).toarray()
    whole = direct(1.0)
    assert (found > 0).sum(axis=1).max() == 1
    np.testing.assert_allclose(found.max(axis=1), whole.max(axis=1), atol=1e-5)


def test_bm25_finds_products_of_the_same_customers_and_never_the_product_itself():
    found = bm25(HISTORIES, neighbours=3).toarray()
    shared = (HISTORIES.matrix().T @ HISTORIES.matrix()).toarray()
    np.fill_diagonal(shared, 0)
    assert np.all((found > 0) <= (shared > 0))
    assert found[1, 2] > 0
    assert not found.diagonal().any()
    assert not found[4].any()
