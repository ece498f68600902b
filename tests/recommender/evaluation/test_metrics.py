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


@given(RANK_LISTS, st.integers(1, 20))
def test_metrics_are_between_miss_and_first_place_and_grow_with_the_list(ranks, k):
    for metric in (metrics.hit_rate, metrics.ndcg, metrics.reciprocal_rank):
        values = metric(ranks, k)
        assert np.all((values > 0) == (ranks < k))
        assert np.all(values <= 1)
        assert np.all(metric(ranks, k + 1) >= values)


def test_coverage_counts_each_product_once():
    assert metrics.coverage([np.array([0, 1]), np.array([1, 2])], 6) == 0.5
    assert metrics.coverage([], 6) == 0


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


def test_interval_depends_on_the_seed_alone():
    values = np.random.default_rng(0).random(50)
    assert metrics.mean_interval(values, 100, 1) == metrics.mean_interval(values[::-1], 100, 1)
    assert metrics.mean_interval(values, 100, 1) != metrics.mean_interval(values, 100, 2)


def test_nobody_tested_has_no_mean():
    assert np.isnan(metrics.mean_interval(np.array([]), 100, 0).value)
