"""Intervals of shares, against values from the literature and by simulation."""

import numpy as np
import pytest

from feedback.ratio_intervals import Ratio, relative_fall
from recommender.evaluation.metrics import Interval


def test_wilson_interval_of_a_known_example():
    interval = Ratio.from_counts(81, 263).interval(0.95, share=True)  # Newcombe (1998), table I
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_nothing_tried_tells_nothing():
    assert Ratio.from_counts(0, 0).interval(0.95, share=True) == Interval(0.0, 0.0, 1.0)


def test_a_share_of_none_or_all_stays_within_bounds():
    assert Ratio.from_counts(0, 10).interval(0.95, share=True).low == pytest.approx(0)
    assert Ratio.from_counts(10, 10).interval(0.95, share=True).high == pytest.approx(1)


def test_fall_is_relative_and_its_interval_holds_it():
    fall = relative_fall(Ratio.from_counts(300, 1000), Ratio.from_counts(150, 1000), 0.95)
    assert fall is not None
    assert fall.value == pytest.approx(0.5)
    assert 0.35 < fall.low < 0.5 < fall.high < 0.6


def test_a_rise_is_a_negative_fall():
    fall = relative_fall(Ratio.from_counts(150, 1000), Ratio.from_counts(300, 1000), 0.95)
    assert fall is not None
    assert fall.high < 0


@pytest.mark.parametrize(
    ("before", "now"),
    [(0, 1), (1, 0)],
)
def test_without_a_hit_there_is_no_ratio(before, now):
    assert relative_fall(Ratio.from_counts(before, 10), Ratio.from_counts(now, 10), 0.95) is None


def test_equal_rates_seem_to_fall_as_seldom_as_the_confidence_says():
    hits = np.random.default_rng(0).binomial(500, 0.3, (2000, 2))
    falls = [relative_fall(Ratio.from_counts(int(a), 500), Ratio.from_counts(int(b), 500), 0.95) for a, b in hits]
    false_alarms = np.mean([fall is not None and fall.low > 0 for fall in falls])
    assert 0.015 < false_alarms < 0.035  # one side of 5 %


def test_a_ratio_without_clusters_is_the_share_of_its_counts():
    hits = np.repeat([1.0, 0.0], [81, 182])
    ratio = Ratio.from_answers(hits, np.ones(263), np.arange(263))
    assert ratio.value == pytest.approx(81 / 263)
    assert ratio.independent == pytest.approx(263, rel=0.01)


def test_answers_of_one_owner_that_are_all_alike_count_as_one():
    hits = np.repeat([1.0, 0.0, 1.0, 0.0], 50)
    assert Ratio.from_answers(hits, np.ones(200), np.repeat(range(4), 50)).independent == pytest.approx(3)
    assert Ratio.from_answers(np.zeros(200), np.ones(200), np.repeat(range(4), 50)).independent == 4


def test_intervals_hold_the_true_rate_though_customers_differ():
    """A customer's own rate and number of answers vary; intervals that count answers hold it in four of five draws."""
    rng = np.random.default_rng(0)
    held = {True: 0, False: 0}
    for _ in range(400):
        answers = rng.integers(1, 20, 150)
        owners = np.repeat(np.arange(150), answers)
        hits = rng.random(len(owners)) < rng.beta(1.5, 3.5, 150)[owners]
        for clustered in held:
            interval = Ratio.from_answers(
                hits, np.ones(len(hits)), owners if clustered else np.arange(len(hits))
            ).interval(0.95, share=True)
            held[clustered] += interval.low <= 0.3 <= interval.high
    assert held[True] / 400 > 0.92
    assert held[False] / 400 < 0.88


def test_a_mean_has_its_normal_interval():
    values = np.random.default_rng(0).normal(5, 2, 400)
    interval = Ratio.from_answers(values, np.ones(400), np.arange(400)).interval(0.95, share=False)
    assert interval.value == pytest.approx(values.mean())
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * values.std(ddof=1) / 20, rel=0.01)
