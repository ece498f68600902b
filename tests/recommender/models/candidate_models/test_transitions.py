import numpy as np
import pytest

from recommender.models.candidate_models import transitions
from tests.support.small_histories import small_histories

# Twice 0 then 1 (once 2 between them), once 1 then 0.
HISTORIES = small_histories([0, 1], [0, 2, 1], [1, 0], days=[[10, 10], [10, 20, 30], [5, 25]])


def test_what_follows_counts_order_and_steps_between():
    found = transitions.followed_by(HISTORIES, step_decay=0.5).toarray()
    counts = np.array([[0, 1 + 0.5, 1], [1, 0, 0], [0, 1, 0]])
    expected = counts / np.sqrt(counts.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_what_precedes_is_the_same_pairs_seen_from_the_later_one():
    found = transitions.preceded_by(HISTORIES, step_decay=0.5).toarray()
    counts = np.array([[0, 1, 0], [1.5, 0, 1], [1, 0, 0]])
    np.testing.assert_allclose(found, counts / np.sqrt(counts.sum(axis=1, keepdims=True)), rtol=1e-6)


def test_bought_together_has_no_order_and_tames_popular_products():
    found = transitions.bought_together(HISTORIES).toarray()
    counts = np.array([[0, 3, 1], [3, 0, 1], [1, 1, 0]])
    totals = counts.sum(axis=1)
    np.testing.assert_allclose(found, counts / (totals[:, None] ** 0.5 * totals[None, :] ** 0.2), rtol=1e-6)


def test_bought_close_falls_with_the_days_between():
    found = transitions.bought_close(HISTORIES, days=20).toarray()
    zero_one = 1 + np.exp(-20 / 20) + np.exp(-20 / 20)
    counts = np.array([[0, zero_one, np.exp(-0.5)], [zero_one, 0, np.exp(-0.5)], [np.exp(-0.5), np.exp(-0.5), 0]])
    totals = counts.sum(axis=1)
    np.testing.assert_allclose(found, counts / (totals[:, None] ** 0.5 * totals[None, :] ** 0.2), rtol=1e-5)


def test_bought_on_the_same_day_has_no_order_within_it():
    found = transitions.bought_same_day(HISTORIES).toarray()
    # Once 0 and 1 on day 10; nothing else was bought with something.
    np.testing.assert_allclose(found, [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    turned = small_histories([1, 0], [0, 2, 1], [1, 0], days=[[10, 10], [10, 20, 30], [5, 25]])
    np.testing.assert_array_equal(transitions.bought_same_day(turned).toarray(), found)


def test_bought_in_the_next_visit_halves_with_each_visit_between():
    found = transitions.bought_next_visit(HISTORIES).toarray()
    # 0 and 1 on the same day do not count; 0, then 2, then 1, and 1, then 0 do.
    counts = np.array([[0, 0.5, 1], [1, 0, 0], [0, 1, 0]])
    np.testing.assert_allclose(found, counts / np.sqrt(counts.sum(axis=1, keepdims=True)), rtol=1e-6)


def test_a_customer_with_very_many_purchases_counts_only_near_pairs():
    many = small_histories(list(range(150)))
    found = transitions.followed_by(many, step_decay=1.0)
    assert found[0, 1] > 0
    assert found[0, 100] > 0
    assert found[0, 101] == 0


@pytest.mark.parametrize(
    "family",
    [
        lambda histories: transitions.followed_by(histories, 0.9),
        lambda histories: transitions.preceded_by(histories, 0.9),
        transitions.bought_together,
        lambda histories: transitions.bought_close(histories, 30),
        transitions.bought_same_day,
        transitions.bought_next_visit,
    ],
)
def test_single_purchases_tell_of_no_pair(family):
    assert family(small_histories([0], [1], [])).nnz == 0
