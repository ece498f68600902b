import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from recommender.models.candidate_models.sparse_matrices import (
    keep_strongest_per_row,
    normalised,
    scaled_to_one,
    without_diagonal,
)


def matrix(rows):
    return sparse.csr_matrix(np.array(rows, np.float32))


def test_normalised_divides_by_powers_of_the_totals():
    counts = matrix([[9, 4, 0], [1, 0, 3], [0, 0, 0]])
    found = normalised(counts, row_power=1.0, column_power=0.5).toarray()
    # The diagonal's 9 counts neither as a value nor in a total.
    expected = [[0, 4 / 4 / 2, 0], [1 / 4 / 1, 0, 3 / 4 / np.sqrt(3)], [0, 0, 0]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_without_diagonal():
    assert without_diagonal(matrix([[5, 1], [0, 7]])).toarray().tolist() == [[0, 1], [0, 0]]


def test_of_equal_neighbours_the_first_stay_and_negative_ones_go():
    pruned = keep_strongest_per_row(matrix([[2, 3, 2, 2], [-1, -2, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]]), 2).toarray()
    assert pruned.tolist() == [[2, 3, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [1, 1, 0, 0]]


@given(hnp.arrays(np.float32, (4, 5), elements=st.integers(-2, 4).map(float)), st.integers(1, 6))
def test_strongest_keeps_the_largest_positive_values_of_each_row(dense, most):
    pruned = keep_strongest_per_row(sparse.csr_matrix(dense), most).toarray()
    for before, after in zip(dense, pruned, strict=True):
        assert sorted(after[after > 0], reverse=True) == sorted(before[before > 0], reverse=True)[:most]
        assert np.all((after == before) | (after == 0))
        # Stable: of equal values the lower columns.
        assert set(np.flatnonzero(after)) == {i for i in np.argsort(-before, kind="stable")[:most] if before[i] > 0}


def test_scaled_to_one_puts_the_median_of_the_best_neighbours_at_one():
    scaled = scaled_to_one(matrix([[0, 2, 1], [4, 0, 0], [0, 10, 5]]))
    np.testing.assert_allclose(scaled.toarray(), [[0, 0.5, 0.25], [1, 0, 0], [0, 2.5, 1.25]])


def test_a_family_that_found_nothing_stays_empty():
    assert scaled_to_one(matrix([[0, 0], [0, 0]])).nnz == 0
    assert normalised(matrix([[0, 0], [0, 0]]), 0.5, 0.5).nnz == 0


@pytest.mark.parametrize("most", [1, 3])
def test_strongest_works_on_unsorted_rows(most):
    unsorted = sparse.csr_matrix((np.array([1, 5, 3], np.float32), np.array([2, 0, 1]), np.array([0, 3])), shape=(1, 3))
    assert keep_strongest_per_row(unsorted, most).toarray().tolist() == ([[5, 0, 0]] if most == 1 else [[5, 3, 1]])
