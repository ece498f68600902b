import gc
import weakref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from recommender.models.pair_table import PairTable


def table_of(dense):
    """Dense rows × columns × values as a table of the cells that are not all zero."""
    cells = sparse.csr_matrix(dense.any(axis=2))
    rows, columns = cells.nonzero()
    return PairTable(cells.indptr.astype(np.int64), columns.astype(np.int32), dense[rows, columns], dense.shape[1])


@given(
    hnp.arrays(np.float32, (4, 5, 2), elements=st.sampled_from([0.0, 0.0, 1.0, 2.5])),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=8),
)
def test_find_answers_as_the_dense_array(dense, asked):
    rows = np.array([row for row, _ in asked], np.int32)
    columns = np.array([column for _, column in asked], np.int64)
    found, values = table_of(dense).find(rows, columns)
    answered = np.zeros((len(asked), 2), np.float32)
    answered[found] = values
    np.testing.assert_array_equal(answered, dense[rows, columns])
    assert np.all(values.any(axis=1))


def test_more_cells_than_32_bits_can_number():
    width = 100_000
    starts = np.concatenate([np.zeros(width, np.int64), [1]])
    table = PairTable(starts, np.array([width - 1], np.int32), np.ones((1, 1), np.float32), width)
    found, _ = table.find(np.array([width - 1], np.int32), np.array([width - 1], np.int32))
    assert found.tolist() == [0]


@given(
    hnp.arrays(np.float32, (4, 5, 2), elements=st.sampled_from([0.0, 0.0, 1.0, 2.5])),
    st.lists(st.integers(0, 3), max_size=6),
    st.lists(st.integers(0, 4), max_size=5, unique=True),
)
def test_among_answers_as_the_dense_array(dense, rows, columns):
    rows, columns = np.array(rows, np.int32), np.array(columns, np.int64)
    row, column, values = table_of(dense).among(rows, columns)
    answered = np.zeros((len(rows), len(columns), 2), np.float32)
    answered[row, column] = values
    np.testing.assert_array_equal(answered, dense[np.ix_(rows, columns)])
    assert np.all(values.any(axis=1))


def test_cells_are_those_of_the_rows_asked_for_and_not_of_the_rows_before():
    table = table_of(np.arange(12, dtype=np.float32).reshape(3, 4, 1))
    assert table.row_cells(np.array([1, 0], np.int32)).columns.tolist() == [0, 1, 2, 3, 1, 2, 3]
    assert table.row_cells(np.array([1], np.int64)).columns.tolist() == [0, 1, 2, 3]  # the same bytes as the two before
    assert table.row_cells(np.array([0], np.int32)).columns.tolist() == [1, 2, 3]
    assert table.row_cells(np.array([], np.int32)).columns.tolist() == []


def test_the_last_few_rows_cells_are_kept_and_let_go_with_their_table():
    table = table_of(np.ones((40, 2, 1), np.float32))
    first, second = table.row_cells(np.array([0, 1])), table.row_cells(np.array([1]))
    for asked in range(10):
        table.row_cells(np.array([3, asked]))
        table.among(np.array([2, asked]), np.array([0]), keep=False)
    assert table.row_cells(np.array([0, 1])) is first
    for asked in range(16):
        table.row_cells(np.array([4, asked]))
    assert table.row_cells(np.array([1])) is not second
    gone = weakref.ref(table)
    gc.disable()  # what is loaded at the start is out of its sight, too
    try:
        del table
        assert gone() is None
    finally:
        gc.enable()
