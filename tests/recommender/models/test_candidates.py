import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recommender.models.candidates import Candidates, top_k

CANDIDATES = Candidates.from_lists([np.array([4, 2, 7]), np.array([], np.int64), np.array([1, 4])])
SCORES = hnp.arrays(np.float32, st.integers(0, 60), elements=st.sampled_from([-np.inf, -1.0, 0.0, 1.0, 2.0]))


def test_lists_stand_one_after_the_other():
    assert CANDIDATES.products.tolist() == [4, 2, 7, 1, 4]
    assert CANDIDATES.lengths.tolist() == [3, 0, 2]
    assert CANDIDATES.owners.tolist() == [0, 0, 0, 2, 2]


def test_ranks_count_within_each_customer_and_ties_keep_their_order():
    scores = np.array([1, 3, 1, 5, 9], np.float32)
    assert CANDIDATES.ranks(scores).tolist() == [1, 0, 2, 1, 0]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 9])
def test_of_equal_scores_the_lower_position_comes_first(most):
    scores = np.array([1, 2, 1, 2, 1], np.float32)
    assert top_k(scores, most).tolist() == [1, 3, 0, 2, 4][:most]


@given(SCORES, st.integers(1, 14))
def test_strongest_is_the_beginning_of_the_whole_order(scores, most):
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    expected = [i for i in order if scores[i] > -np.inf][:most]
    assert top_k(scores, most).tolist() == expected


def test_strongest_of_a_whole_catalogue():
    scores = np.random.default_rng(0).normal(size=10_000).astype(np.float32)
    assert top_k(scores, 40).tolist() == np.argsort(-scores)[:40].tolist()
    scores[50:] = -np.inf  # hardly anything is allowed
    assert top_k(scores, 40).tolist() == np.argsort(-scores)[:40].tolist()


def test_nobody_asked():
    nobody = Candidates.from_lists([])
    assert len(nobody.products) == 0
    assert nobody.owners.tolist() == []
