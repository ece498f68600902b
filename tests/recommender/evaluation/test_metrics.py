import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.evaluation import metrics
from recommender.evaluation.metrics import MISSED

RANKS = np.array([0, 1, 2, 9, 10, MISSED])
RANK_LISTS = st.lists(st.integers(0, 30) | st.just(MISSED), min_size=1, max_size=30).map(np.array)


def test_each_metric_by_hand():
    assert metrics.hit_rate(RANKS, 10).tolist() == [1, 1, 1, 1, 0, 0]
    np.testing.assert_allclose(metrics.ndcg(RANKS, 10), [1, 1 / np.log2(3), 0.5, 1 / np.log2(11), 0, 0])
    np.testing.assert_allclose(metrics.reciprocal_rank(RANKS, 10), [1, 1 / 2, 1 / 3, 1 / 10, 0, 0])


OWNERS = np.array([0, 0, 1, 1, 1, 2])


def test_each_metric_of_several_products_by_hand():
    """Customer 0 finds both first, 1 the one of three in third place, 2 nothing."""
    ranks = np.array([1, 0, 2, MISSED, 10, MISSED])
    gain = 1 / np.log2(np.arange(10) + 2)
    assert metrics.hit_rate(ranks, 10, OWNERS).tolist() == [1, 1, 0]
    np.testing.assert_allclose(metrics.recall(ranks, 10, OWNERS), [1, 1 / 3, 0])
    np.testing.assert_allclose(metrics.precision(ranks, 10, OWNERS), [0.2, 0.1, 0])
    np.testing.assert_allclose(metrics.ndcg(ranks, 10, OWNERS), [1, gain[2] / gain[:3].sum(), 0])
    np.testing.assert_allclose(metrics.reciprocal_rank(ranks, 10, OWNERS), [1, 1 / 3, 0])
    np.testing.assert_allclose(metrics.average_precision(ranks, 10, OWNERS), [1, 1 / 9, 0])
    # In a list of 2 no more than 2 of the 3 could have been found.
    np.testing.assert_allclose(metrics.average_precision(np.array([1, 0, 1, 0, 9, 5]), 2, OWNERS), [1, 1, 0])
    np.testing.assert_allclose(metrics.ndcg(np.array([1, 0, 1, 0, 9, 5]), 2, OWNERS), [1, 1, 0])
    np.testing.assert_allclose(
        metrics.average_precision(np.array([1, 3, 1, 0, 9, 5]), 10, OWNERS)[0], (1 / 2 + 2 / 4) / 2
    )


@given(RANK_LISTS, st.integers(1, 20))
def test_one_product_each_is_the_same_with_and_without_owners(ranks, k):
    alone, owned = (metrics.per_customer(ranks, owners, k) for owners in (None, np.arange(len(ranks))))
    for name, values in alone.items():
        np.testing.assert_allclose(values, owned[name])
    np.testing.assert_allclose(alone["map"], alone["mrr"])
    np.testing.assert_allclose(alone["recall"], alone["hr"])


@given(RANK_LISTS, st.integers(1, 20))
def test_metrics_are_between_miss_and_first_place_and_grow_with_the_list(ranks, k):
    for metric in (metrics.hit_rate, metrics.ndcg, metrics.reciprocal_rank):
        values = metric(ranks, k)
        assert np.all((values > 0) == (ranks < k))
        assert np.all(values <= 1)
        assert np.all(metric(ranks, k + 1) >= values)


def test_coverage_counts_each_product_once():
    assert metrics.coverage([np.array([0, 1]), np.array([1, 2])], np.ones(6, bool)) == 0.5
    assert metrics.coverage([], np.ones(6, bool)) == 0


@pytest.mark.parametrize(
    ("counts", "expected"), [([3, 3, 3], 0), ([0, 0, 0], 0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25), ([3, 1], 0.25)]
)
def test_gini_by_hand(counts, expected):
    assert metrics.gini_of(np.array(counts)) == pytest.approx(expected)


def test_gini_of_lists_counts_products_that_are_in_none():
    assert metrics.gini([np.array([2]), np.array([2])], 4) == pytest.approx(0.75)


def test_interval_covers_the_mean_of_the_population():
    """95 of 100 intervals should; fewer than 85 or all 100 tell of a wrong width."""
    rng = np.random.default_rng(0)
    samples = (rng.random((100, 300)) < 0.1).astype(float)
    intervals = [metrics.mean_interval(sample, 300, seed) for seed, sample in enumerate(samples)]
    covering = sum(interval.low <= 0.1 <= interval.high for interval in intervals)
    assert 85 <= covering < 100
    assert intervals[0].value == samples[0].mean()


def test_bootstrap_means_scatter_like_the_standard_error():
    values = np.random.default_rng(1).random(400)
    means = metrics.bootstrap_means(values, 4000, seed=2)
    assert means.mean() == pytest.approx(values.mean(), abs=0.002)
    assert means.std() == pytest.approx(values.std() / 20, rel=0.06)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (np.zeros(50), 0, 0.0714),  # Wilson's interval of 0 of 50
        (np.ones(50), 0.9286, 1),
        (np.zeros(1), 0, 0.7935),
    ],
)
def test_all_alike_is_not_certain(values, low, high):
    interval = metrics.mean_interval(values, 100, 0)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert interval.value == values[0]


def test_no_difference_is_uncertain_on_both_sides():
    interval = metrics.mean_interval(np.zeros(50), 100, 0, lowest=-1)
    assert (interval.low, interval.high) == (pytest.approx(-0.0714, abs=1e-4), pytest.approx(0.0714, abs=1e-4))


def test_interval_depends_on_the_seed_alone():
    values = np.random.default_rng(0).random(50)
    assert metrics.mean_interval(values, 100, 1) == metrics.mean_interval(values[::-1], 100, 1)
    assert metrics.mean_interval(values, 100, 1) != metrics.mean_interval(values, 100, 2)


def test_nobody_tested_has_no_mean():
    assert np.isnan(metrics.mean_interval(np.array([]), 100, 0).value)
