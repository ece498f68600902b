"""Impressions joined to events: the figures of an example worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from feedback.customer_facts import CustomerFacts
from feedback.join import join_events
from feedback.live_metrics import live_metrics, metrics_by_segment, relative_falls
from settings.monitoring import FeedbackSettings

DAY = 86_400.0
SETTINGS = FeedbackSettings()


def impressions(*rows):
    columns = ["request_id", "time", "products", "fallback", "model_version", "customer"]
    return pd.DataFrame(rows, columns=columns).assign(seconds=np.nan)


def events(*rows):
    return pd.DataFrame(rows, columns=["request_id", "type", "product_id", "time", "value"])


@pytest.fixture
def shown():
    return impressions(
        ("r1", 0.0, ["a", "b", "c"], "", "v1", "anna"),
        ("r2", 10.0, ["a", "b", "c"], "unknown_customer", "v1", ""),
        ("r3", 20.0, ["d"], "", "v1", "anna"),
        ("r4", 30.0, [], "", "v1", "ben"),
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


def found(shown, done, settings=SETTINGS, declared=None):
    return live_metrics(join_events(shown, done, settings, declared), settings)


def value(shown, done, name, settings=SETTINGS, declared=None):
    return found(shown, done, settings, declared).kpis[name].value


def test_figures_by_hand(shown, done):
    measured = found(shown, done)
    assert measured.answers == 4
    values = {name: figure.value for name, figure in measured.kpis.items()}
    assert values == {
        "click_rate": 1 / 4,
        "conversion": 1 / 4,
        "revenue": 0,
        "hit_rate": 1 / 2,
        "satisfaction": 3.0,
        "violations": 0,
        "fallback": 1 / 4,
    }
    assert measured.kpis["click_rate"].low < 1 / 4 < measured.kpis["click_rate"].high


def test_the_hit_rate_counts_the_first_k_only(shown, done):
    assert value(shown, done, "hit_rate", FeedbackSettings(k=2)) == 0


def test_a_late_event_counts_once_the_window_is_longer(shown, done):
    assert value(shown, done, "click_rate", FeedbackSettings(attribution_days=9)) == 2 / 4


def test_an_event_that_comes_late_changes_the_figure_of_the_past(shown, done):
    before = value(shown, done, "conversion")
    late = events(("r4", "purchase", "d", 31.0, None), ("r2", "purchase", "b", 11.0, 2.0))
    assert value(shown, pd.concat([done, late]), "conversion") == before + 1 / 4


def test_revenue_is_price_times_quantity_of_what_was_shown(shown, done):
    two = events(("r2", "purchase", "b", 11.0, 2.0))
    declared = CustomerFacts(prices={"a": 100.0, "b": 10.0, "c": 4.0, "z": 1000.0})
    assert value(shown, pd.concat([done, two]), "revenue", declared=declared) == (4 + 2 * 10) / 4


def test_declared_needs_and_avoidances_judge_what_is_shown(shown, done):
    declared = CustomerFacts(
        serves={"a": frozenset({"acne"}), "d": frozenset({"redness"})},
        concerns={"anna": ("acne", "redness")},
        holds={"fragrance": frozenset({"d"})},
        avoids={"anna": ("fragrance",), "ben": ("fragrance",)},
    )
    assert value(shown, done, "need_coverage", declared=declared) == 2 / 4
    assert value(shown, done, "violations", declared=declared) == 1 / 4


def test_slow_answers_are_counted_among_those_that_were_timed(shown, done):
    timed = shown.assign(seconds=[0.1, 0.3, np.nan, 0.25])
    assert value(timed, done, "latency") == pytest.approx(1 / 3)
    assert value(timed, done, "latency", FeedbackSettings(slow_seconds=0.05)) == 1
    assert "latency" not in found(shown, done).kpis


def test_without_events_nothing_was_clicked(shown):
    measured = found(shown, events())
    assert measured.kpis["click_rate"].value == 0
    assert "satisfaction" not in measured.kpis


def test_without_impressions_there_are_no_figures(done):
    assert found(impressions(), done).answers == 0


def test_parts_have_figures_of_their_own(shown, done):
    about = pd.DataFrame({"skin_type": ["dry", "oily"], "birth_year": [1991, 1985]}, index=["anna", "ben"])
    declared = CustomerFacts(about=about, purchases={"anna": 4})
    settings = FeedbackSettings(minimum_part=1)
    parts = metrics_by_segment(join_events(shown, done, settings).assign(variant="champion"), declared, settings)
    assert {part: each.answers for part, each in parts["skin_type"].items()} == {"dry": 2, "oily": 1}
    assert parts["skin_type"]["dry"].kpis["click_rate"].value == 1 / 2
    assert {part: each.answers for part, each in parts["decade of birth"].items()} == {"1980s": 1, "1990s": 2}
    assert {part: each.answers for part, each in parts["history"].items()} == {"3 to 5": 2, "none": 2}
    assert "region" not in parts


def test_a_part_with_too_few_answers_has_no_figures(shown, done):
    declared = CustomerFacts(about=pd.DataFrame({"skin_type": ["dry", "oily"]}, index=["anna", "ben"]))
    joined = join_events(shown, done, SETTINGS).assign(variant="champion")
    assert set(metrics_by_segment(joined, declared, FeedbackSettings(minimum_part=2))["skin_type"]) == {"dry"}
    assert "skin_type" not in metrics_by_segment(joined, declared, FeedbackSettings(minimum_part=3))


def traffic(rates, version="v1"):
    """100 answers at each rate, of which that share was clicked."""
    rows = [
        (f"{version}-{p}-{i}", float(p * 100 + i), ["a"], "", version, f"{p}-{i}")
        for p, _ in enumerate(rates)
        for i in range(100)
    ]
    clicks = [
        (f"{version}-{p}-{i}", "click", "a", float(p * 100 + i), None)
        for p, rate in enumerate(rates)
        for i in range(round(rate * 100))
    ]
    return impressions(*rows), events(*clicks)


def fall_of(rates, version="v1", window=100):
    settings = FeedbackSettings(window=window)
    return relative_falls(join_events(*traffic(rates), settings), version, settings).get("Click-through rate")


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
