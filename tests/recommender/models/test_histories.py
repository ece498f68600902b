import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.support.small_histories import any_histories, sequences, small_histories

CUSTOMERS = small_histories([4, 2, 3], [1], [], [0, 4], days=[[5, 5, 9], [2], [], [1, 7]], products=6)


def test_lengths_owners_and_steps_back():
    assert len(CUSTOMERS) == 4
    assert CUSTOMERS.lengths.tolist() == [3, 1, 0, 2]
    assert CUSTOMERS.owners.tolist() == [0, 0, 0, 1, 3, 3]
    assert CUSTOMERS.steps_back.tolist() == [2, 1, 0, 0, 1, 0]
    assert CUSTOMERS.counts.tolist() == [1, 1, 1, 1, 2, 0]


def test_without_last_hides_what_last_names():
    assert sequences(CUSTOMERS.without_last()) == [[4, 2], [1], [], [0]]
    assert CUSTOMERS.last().tolist() == [3, -1, -1, 4]


def test_recent_keeps_the_end_and_its_days():
    recent = CUSTOMERS.recent(2)
    assert sequences(recent) == [[2, 3], [1], [], [0, 4]]
    assert recent.days.tolist() == [5, 9, 2, 1, 7]


def test_select_follows_the_asked_order_and_may_repeat():
    chosen = CUSTOMERS.select(np.array([3, 2, 0, 3]))
    assert sequences(chosen) == [[0, 4], [], [4, 2, 3], [0, 4]]
    assert chosen.days.tolist() == [1, 7, 5, 5, 9, 1, 7]


def test_keep_leaves_customers_without_any_entry():
    kept = CUSTOMERS.keep(CUSTOMERS.products == 4)
    assert sequences(kept) == [[4], [], [], [4]]


def test_dated_only_where_there_is_a_day():
    assert CUSTOMERS.has_days
    assert not small_histories([0, 1], [2]).has_days


def test_matrix_counts_a_product_once_and_adds_up_weights():
    repeated = small_histories([1, 0, 1], products=3)
    assert repeated.matrix().toarray().tolist() == [[1, 1, 0]]
    assert repeated.matrix(np.array([1, 2, 4], np.float32)).toarray().tolist() == [[2, 5, 0]]


@given(any_histories(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_nothing_changes_the_sequences_in_place(histories, most, random):
    before = [array.copy() for array in (histories.starts, histories.products, histories.days)]
    histories.matrix().sort_indices()
    histories.matrix(np.ones(len(histories.products), np.float32)).sort_indices()
    histories.without_last()
    histories.recent(most)
    histories.select(np.array(random.choices(range(len(histories)), k=3)))
    after = (histories.starts, histories.products, histories.days)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


@given(any_histories())
def test_hiding_and_last_together_give_the_whole(histories):
    shorter = sequences(histories.without_last())
    rejoined = [
        one + ([last] if last >= 0 else []) for one, last in zip(shorter, histories.last().tolist(), strict=True)
    ]
    assert rejoined == sequences(histories)


def test_the_last_entry_is_the_one_that_hiding_takes():
    histories = small_histories([3, 1, 2], [4], [], [0, 5])
    assert histories.products[histories.is_last].tolist() == [2, 5]


@given(any_histories(), st.floats(0.05, 0.95), st.integers(0, 5))
def test_some_takes_its_share_of_each_customer_and_leaves_one(histories, share, seed):
    chosen = histories.random_entries(share, np.random.default_rng(seed))
    counts = np.bincount(histories.owners[chosen], minlength=len(histories))
    for length, count in zip(histories.lengths, counts, strict=True):
        assert count == (0 if length < 2 else min(max(1, round(length * share)), length - 1))


def test_some_takes_any_entry_by_the_draw():
    histories = small_histories([0, 1, 2, 3])
    taken = {int(np.flatnonzero(histories.random_entries(0.2, np.random.default_rng(seed)))[0]) for seed in range(40)}
    assert taken == {0, 1, 2, 3}


def test_a_visit_is_a_day_of_one_customer():
    histories = small_histories([0, 1, 2, 3], [], [4], [5, 6], days=[[7, 7, 9, 20], [], [20], [20, 21]])
    assert histories.visits.tolist() == [0, 0, 1, 2, 0, 0, 1]
    assert small_histories([], []).visits.tolist() == []
