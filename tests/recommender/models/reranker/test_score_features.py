from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recommender.models.reranker.score_features import ranks_within_customers, score_features

TINY = np.finfo(np.float32).smallest_subnormal
NASTY = [-np.inf, np.inf, 0.0, -0.0, 1.0, np.nextafter(np.float32(1), np.float32(2)), -1.0, 3e38, -3e38, TINY, -TINY]
ENDS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda ends: np.array([0, *sorted(ends)]))


@given(ENDS, st.data())
def test_places_are_those_of_a_stable_sort_of_each_customers(starts, data):
    values = st.sampled_from([float(value) for value in NASTY]) | st.floats(width=32, allow_nan=False)
    scores = data.draw(hnp.arrays(np.float32, (3, int(starts[-1])), elements=values))
    places = ranks_within_customers(scores, starts)
    for start, stop in pairwise(starts.tolist()):
        order = np.argsort(-scores[:, start:stop], axis=1, kind="stable")
        np.testing.assert_array_equal(np.argsort(places[:, start:stop], axis=1), order)


def test_gaps_are_to_the_best_of_the_same_customers():
    scores, starts = np.array([[1, 3, 5, 4], [2, 2, -1, -8]], np.float32), np.array([0, 2, 2, 4])
    found = score_features(scores, ranks_within_customers(scores, starts), starts)
    assert found.tolist() == [[1, 3, 5, 4], [1, 0, 0, 1], [-2, 0, 0, -1], [2, 2, -1, -8], [0, 1, 0, 1], [0, 0, 0, -7]]
