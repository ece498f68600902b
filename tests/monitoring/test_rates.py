"""Intervals of shares, against values from the literature and by simulation."""

import numpy as np
import pytest

from monitoring.rates import Share, relative_fall


def test_wilson_interval_of_a_known_example():
    interval = Share(81, 263).interval(0.95)  # Newcombe (1998), table I
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_nothing_tried_tells_nothing():
    assert Share(0, 0).interval(0.95) == type(Share(0, 0).interval(0.95))(0.0, 0.0, 1.0)


def test_a_share_of_none_or_all_stays_within_bounds():
    assert Share(0, 10).interval(0.95).low == pytest.approx(0)
    assert Share(10, 10).interval(0.95).high == pytest.approx(1)


def test_fall_is_relative_and_its_interval_holds_it():
    fall = relative_fall(Share(300, 1000), Share(150, 1000), 0.95)
    assert fall is not None
    assert fall.value == pytest.approx(0.5)
    assert 0.35 < fall.low < 0.5 < fall.high < 0.6


def test_a_rise_is_a_negative_fall():
    fall = relative_fall(Share(150, 1000), Share(300, 1000), 0.95)
    assert fall is not None
    assert fall.high < 0


@pytest.mark.parametrize(("before", "now"), [(Share(0, 10), Share(1, 10)), (Share(1, 10), Share(0, 10))])
def test_without_a_hit_there_is_no_ratio(before, now):
    assert relative_fall(before, now, 0.95) is None


def test_equal_rates_seem_to_fall_as_seldom_as_the_confidence_says():
    hits = np.random.default_rng(0).binomial(500, 0.3, (2000, 2))
    falls = [relative_fall(Share(int(a), 500), Share(int(b), 500), 0.95) for a, b in hits]
    false_alarms = np.mean([fall is not None and fall.low > 0 for fall in falls])
    assert 0.015 < false_alarms < 0.035  # one side of 5 %
