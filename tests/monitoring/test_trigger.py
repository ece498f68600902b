"""The trigger's decision: a table of cases, and what holds of every sequence of rounds."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure import SECONDS_AN_HOUR as HOUR
from monitoring.trigger import DriftSummary, Evidence, PastRetraining, decide_retraining
from recommender.evaluation.metrics import Interval
from settings.monitoring import DriftSettings, MonitoringSettings, TriggerSettings

SETTINGS = MonitoringSettings(
    drift=DriftSettings(share=0.3),
    trigger=TriggerSettings(
        minimum_rows=100, performance_fall=0.05, new_rows=1000, maximum_age_days=30, cooldown_hours=24, weekly_budget=6
    ),
)
QUIET = Evidence(
    "v1", last_row=500, new_rows=500, age_days=1, drift_share=0.1, falls={"click rate": Interval(0.01, -0.1, 0.1)}
)
DRIFT = replace(QUIET, drift_share=0.3, drifted=("region", "brand"))
FALL = replace(QUIET, falls={"click rate": Interval(0.2, 0.1, 0.3)})
NOW = 1_750_000_000.0
FAILED = PastRetraining(NOW - 30 * HOUR, "v1", 500, failed=True)

DAILY = [PastRetraining(NOW - days * 25 * HOUR, "v0", 1) for days in (6, 5, 4, 3, 2, 1)]

TABLE = [
    ("quiet", QUIET, [], [], []),
    ("drift", DRIFT, [], ["drift"], []),
    ("too little drift", replace(DRIFT, drift_share=0.29), [], [], []),
    ("drift that could not be told", replace(DRIFT, drift_share=None), [], [], []),
    ("drift in too few rows", replace(DRIFT, new_rows=99), [], [], []),
    ("requests drifted", replace(QUIET, answers={"requests": DriftSummary(0.3, ("k",))}), [], ["request_drift"], []),
    ("too few requests' columns", replace(QUIET, answers={"requests": DriftSummary(0.29, ("k",))}), [], [], []),
    (
        "recommendations drifted",
        replace(QUIET, answers={"recommendations": DriftSummary(0.3, ("score",))}),
        [],
        ["prediction_drift"],
        [],
    ),
    (
        "answers drifted in too few rows",
        replace(QUIET, new_rows=99, answers={"requests": DriftSummary(1.0), "recommendations": DriftSummary(1.0)}),
        [],
        [],
        [],
    ),
    ("performance fell", FALL, [], ["performance"], []),
    ("a fall that may be chance", replace(QUIET, falls={"click rate": Interval(0.2, 0.04, 0.3)}), [], [], []),
    ("a fall in too few rows", replace(FALL, new_rows=99), [], [], []),
    ("many new rows", replace(QUIET, new_rows=1000), [], ["new_rows"], []),
    ("old model", replace(QUIET, age_days=30, new_rows=0), [], ["age"], []),
    ("all at once", replace(DRIFT, new_rows=2000, falls=FALL.falls), [], ["drift", "performance", "new_rows"], []),
    ("cooldown", DRIFT, [PastRetraining(NOW - 23 * HOUR, "v0", 100)], ["drift"], ["cooldown"]),
    ("cooldown over", DRIFT, [PastRetraining(NOW - 24 * HOUR, "v0", 100)], ["drift"], []),
    ("failed just now", DRIFT, [PastRetraining(NOW - 0.9 * HOUR, "v1", 500, failed=True)], ["drift"], ["cooldown"]),
    ("failed an hour ago", DRIFT, [PastRetraining(NOW - 1 * HOUR, "v1", 500, failed=True)], ["drift"], []),
    ("failed twice", DRIFT, [FAILED, replace(FAILED, time=NOW - 1.9 * HOUR)], ["drift"], ["cooldown"]),
    ("failed twice, two hours ago", DRIFT, [FAILED, replace(FAILED, time=NOW - 2 * HOUR)], ["drift"], []),
    ("failed often: no longer than the cooldown", DRIFT, [replace(FAILED, time=NOW - 24 * HOUR)] * 5, ["drift"], []),
    (
        "the week's budget is spent",
        DRIFT,
        [PastRetraining(NOW - d * 25 * HOUR, "v0", 1) for d in (6, 5, 4, 3, 2, 1)],
        ["drift"],
        ["budget"],
    ),
    ("same evidence", DRIFT, [PastRetraining(NOW - 99 * HOUR, "v1", 401)], ["drift"], ["same_evidence"]),
    ("fresh evidence", DRIFT, [PastRetraining(NOW - 99 * HOUR, "v1", 400)], ["drift"], []),
    ("another champion's evidence", DRIFT, [PastRetraining(NOW - 99 * HOUR, "v0", 500)], ["drift"], []),
    (
        "old, refused before",
        replace(QUIET, age_days=99),
        [PastRetraining(NOW - 99 * HOUR, "v1", 500)],
        ["age"],
        ["same_evidence"],
    ),
]


@pytest.mark.parametrize(("_case", "evidence", "fired", "reasons", "blocks"), TABLE)
def test_decision_table(_case, evidence, fired, reasons, blocks):
    decision = decide_retraining(evidence, fired, SETTINGS, NOW)
    assert list(decision.reasons) == reasons
    assert list(decision.blocks) == blocks
    assert decision.retrain == (bool(reasons) and not blocks)


def test_reasons_tell_their_figures():
    moved = {"requests": DriftSummary(0.5, ("k", "asked")), "recommendations": DriftSummary(0.4, ("score",))}
    decision = decide_retraining(replace(DRIFT, falls=FALL.falls, answers=moved), [], SETTINGS, NOW)
    assert decision.reasons == {
        "drift": "30% of the columns drifted (region, brand)",
        "request_drift": "50% of the columns of requests drifted (k, asked)",
        "prediction_drift": "40% of the columns of recommendations drifted (score)",
        "performance": "the click rate fell by 20% (interval 10% to 30%)",
    }


def test_evidence_is_named_by_its_content():
    assert QUIET.id == replace(QUIET).id
    assert QUIET.id != DRIFT.id


rounds = st.lists(
    st.tuples(
        st.floats(0, 100),  # hours since the round before
        st.integers(0, 300),  # events since then
        st.booleans(),  # whether a retraining that starts is promoted
        st.floats(0, 1),  # share of drifted columns
        st.floats(0, 60),  # age of the champion
    ),
    max_size=40,
)


@given(rounds)
def test_whatever_comes_no_cooldown_is_broken_and_no_evidence_fires_twice(rounds):
    now, last_row, version = NOW, 0, 0
    fired: list[PastRetraining] = []
    for hours, events, promoted, share, age in rounds:
        now, last_row = now + hours * HOUR, last_row + events
        seen = fired[-1].last_row if fired else 0
        evidence = Evidence(f"v{version}", last_row, last_row - seen, age, share)
        if decide_retraining(evidence, fired, SETTINGS, now).retrain:
            fired.append(PastRetraining(now, evidence.champion, last_row))
            version += promoted
    for before, after in pairwise(fired):
        assert after.time - before.time >= SETTINGS.trigger.cooldown_hours * HOUR
        fresh = after.last_row - before.last_row
        assert fresh >= SETTINGS.trigger.minimum_rows or after.champion != before.champion


@given(rounds)
def test_the_same_round_again_never_fires_again(rounds):
    """Even long after the cooldown: what was seen has been seen."""
    for _, events, _, share, age in rounds:
        evidence = Evidence("v1", events, events, age, share)
        if decide_retraining(evidence, [], SETTINGS, NOW).retrain:
            again = decide_retraining(evidence, [PastRetraining(NOW, "v1", events)], SETTINGS, NOW + 1000 * HOUR)
            assert not again.retrain
