import numpy as np
import pytest

from benchmarks.quality.tuned import published_ease
from recommender.contract.query import Profile
from recommender.models.histories import Histories

KNOWN = [[0, 1, 2], [0, 1], [1, 2, 3], [0, 3], [4, 5], [4, 0], [5, 2]]


def histories(sequences):
    return Histories.from_sequences(sequences, [[7] * len(one) for one in sequences], product_count=6)


def test_products_stand_in_the_order_of_the_closed_form_those_it_speaks_against_too():
    known = histories(KNOWN)
    family = published_ease("ease untuned", known)
    used = known.matrix().toarray().astype(float)
    inverse = np.linalg.inv(used.T @ used + 500 * np.eye(6))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    expected = used @ weights
    found = family.score(known, [Profile()] * len(known))
    assert expected.min() < 0 < found.min()
    np.testing.assert_allclose(np.log(found), expected, atol=1e-6)
    assert family.name == "ease untuned"


def test_the_order_in_which_products_were_used_is_nothing_to_it():
    score = published_ease("ease untuned", histories(KNOWN)).score
    one, other = score(histories([[0, 1, 4], [4, 1, 0]]), [Profile()] * 2)
    assert one == pytest.approx(other)
    assert one.std() > 0
