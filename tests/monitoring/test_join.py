"""Impressions joined to events: the figures of an example worked out by hand."""

import pandas as pd
import pytest

from monitoring.join import falls, join, performance
from recommender.config.monitoring import FeedbackSettings

DAY = 86_400.0


def impressions(*rows):
    columns = ["request_id", "time", "products", "fallback", "model_version"]
    return pd.DataFrame(rows, columns=columns)


def events(*rows):
    return pd.DataFrame(rows, columns=["request_id", "type", "product_id", "time", "value"])


@pytest.fixture
def shown():
    return impressions(
        ("r1", 0.0, ["a", "b", "c"], "", "v1"),
        ("r2", 10.0, ["a", "b", "c"], "unknown_customer", "v1"),
        ("r3", 20.0, ["d"], "", "v1"),
        ("r4", 30.0, [], "", "v1"),
    )


@pytest.fixture
def done():
    return events(
        ("r1", "click", "a", 1.0, None),
        ("r1", "click", "b", 2.0, None),  # two clicks, one answer
        ("r1", "purchase", "c", 3.0, None),  # shown at rank 3
        ("r2", "purchase", "z", 12.0, None),  # bought in reply, yet not shown
        ("r3", "click", "d", 20.0 + 8 * DAY, None),  # too late
        ("r3", "rate_recommendation", "d", 25.0, 4.0),
        ("r1", "rate_recommendation", "a", 5.0, 2.0),
        ("r9", "click", "a", 1.0, None),  # an answer that is not in the log
        (None, "click", "a", 1.0, None),  # no answer at all
    )


def test_figures_by_hand(shown, done):
    found = performance(join(shown, done, FeedbackSettings()), FeedbackSettings())
    assert found.requests == 4
    assert found.click_rate.value == 1 / 4
    assert found.conversion.value == 1 / 4
    assert found.hit_rate.value == 1 / 2
    assert found.satisfaction == 3.0
    assert found.fallback.value == 1 / 4
    assert found.click_rate.low < 1 / 4 < found.click_rate.high


def test_the_hit_rate_counts_the_first_k_only(shown, done):
    settings = FeedbackSettings(k=2)
    assert performance(join(shown, done, settings), settings).hit_rate.value == 0


def test_a_late_event_counts_once_the_window_is_longer(shown, done):
    settings = FeedbackSettings(attribution_days=9)
    assert performance(join(shown, done, settings), settings).click_rate.value == 2 / 4


def test_without_events_nothing_was_clicked(shown):
    found = performance(join(shown, events(), FeedbackSettings()), FeedbackSettings())
    assert found.click_rate.value == 0
    assert found.satisfaction is None


def test_without_impressions_there_are_no_figures(done):
    assert performance(join(impressions(), done, FeedbackSettings()), FeedbackSettings()).requests == 0


def traffic(rates, version="v1"):
    """100 answers at each rate, of which that share was clicked."""
    rows = [
        (f"{version}-{p}-{i}", float(p * 100 + i), ["a"], "", version) for p, _ in enumerate(rates) for i in range(100)
    ]
    clicks = [
        (f"{version}-{p}-{i}", "click", "a", float(p * 100 + i), None)
        for p, rate in enumerate(rates)
        for i in range(round(rate * 100))
    ]
    return impressions(*rows), events(*clicks)


def fall_of(rates, version="v1", window=100):
    settings = FeedbackSettings(window=window)
    return falls(join(*traffic(rates), settings), version, settings).get("click rate")


def test_a_fall_of_the_latest_answers_is_found():
    fall = fall_of([0.6, 0.6, 0.6, 0.2])
    assert fall is not None
    assert fall.value == pytest.approx(2 / 3)
    assert fall.low > 0.4


def test_a_steady_rate_does_not_fall():
    fall = fall_of([0.4, 0.4, 0.4, 0.4])
    assert fall is not None
    assert fall.low < 0 < fall.high


def test_too_few_answers_tell_nothing():
    assert fall_of([0.6]) is None


def test_answers_of_another_model_do_not_count():
    assert fall_of([0.6, 0.2], version="v2") is None
