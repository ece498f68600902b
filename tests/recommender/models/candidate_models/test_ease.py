import numpy as np

from recommender.models.candidate_models.ease import ease, weights
from recommender.models.candidate_models.implicit_models import bm25
from tests.support.small_histories import small_histories

HISTORIES = small_histories([0, 1, 2], [1, 2], [0, 3], [3, 1], [2, 0], [4])


def whole(regularisation):
    """The closed form as in the paper, in double precision."""
    used = HISTORIES.matrix().toarray().astype(float)
    inverse = np.linalg.inv(used.T @ used + regularisation * np.eye(used.shape[1]))
    found = -inverse / np.diag(inverse)
    np.fill_diagonal(found, 0)
    return found


def direct(regularisation):
    """What is kept of it."""
    found = whole(regularisation)
    return np.where(found < 1e-4, 0, found)


def test_whole_weights_are_the_closed_form_below_zero_too():
    found = weights(HISTORIES, 0.5)
    np.testing.assert_allclose(found, whole(0.5), atol=1e-5)
    assert found.min() < -0.1


def test_weights_are_the_closed_form():
    for regularisation in (0.5, 10.0):
        found = ease(HISTORIES, regularisation, neighbours=5).toarray()
        np.testing.assert_allclose(found, direct(regularisation), atol=1e-5)
        assert found.any()


def test_only_the_strongest_neighbours_stay():
    found = ease(HISTORIES, 1.0, neighbours=1).toarray()
    every = direct(1.0)
    assert (found > 0).sum(axis=1).max() == 1
    np.testing.assert_allclose(found.max(axis=1), every.max(axis=1), atol=1e-5)


def test_bm25_finds_products_of_the_same_customers_and_never_the_product_itself():
    found = bm25(HISTORIES, neighbours=3).toarray()
    shared = (HISTORIES.matrix().T @ HISTORIES.matrix()).toarray()
    np.fill_diagonal(shared, 0)
    assert np.all((found > 0) <= (shared > 0))
    assert found[1, 2] > 0
    assert not found.diagonal().any()
    assert not found[4].any()
