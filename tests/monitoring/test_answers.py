"""What is compared of answers: worked out by hand, and from a log to the trigger's reasons."""

import json

import numpy as np
import pandas as pd
import pytest

from feedback.collector import collector_metrics
from feedback.customer_facts import CustomerFacts
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.join import join_events
from feedback.log_reader import read_events, read_impressions
from infrastructure.files import read_json
from infrastructure.workspace import COMPARED, Workspace
from monitoring.answer_frames import recommendation_frames, request_frame
from monitoring.comparisons import settings_per_comparison
from monitoring.drift import measure_drift
from monitoring.metrics import MonitoringMetrics
from monitoring.round_report import round_lines, write_round_artifacts
from monitoring.rounds import run_round
from monitoring.status import write_status
from recommender.contract.impressions import Impression
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables
from serving.impressions.log import ImpressionLog
from settings.config import Config
from settings.monitoring import DriftSettings, MonitoringSettings, TriggerSettings

FIRST, LATEST = 800, 600
CONFIG = Config(
    monitoring=MonitoringSettings(
        drift=DriftSettings(first_answers=FIRST, window=LATEST),
        trigger=TriggerSettings(minimum_rows=1, cooldown_hours=0),
    )
)
PRODUCTS = pd.DataFrame(
    {
        "product_id": [f"p{i}" for i in range(200)],
        "name": [f"Product {i}" for i in range(200)],
        "brand": [f"brand {i % 5}" for i in range(200)],
        "category": [f"Skin > {'Cream' if i % 2 else 'Serum'} > Deep" for i in range(200)],
        "price": [float(2 ** (i % 4)) for i in range(200)],
    }
)
TABLES = Tables(
    PRODUCTS,
    customers=pd.DataFrame({"customer_id": ["ann", "ben"], "skin_type": ["dry", "oily"], "birth_year": [1991, 1985]}),
    ratings=pd.DataFrame(
        # p0 is bought most, p1 and p2 next, then twenty more; of the rest nobody bought any.
        [(f"c{i}", "p0", 5.0) for i in range(9)]
        + [(f"c{i}", f"p{product}", 5.0) for product in (1, 2) for i in range(5)]
        + [("c0", f"p{product}", 5.0) for product in range(3, 23)],
        columns=["customer_id", "product_id", "rating"],
    ),
)


def answers(*rows):
    columns = ["owner", "products", "scores", "fallback", "kind", "k", "brought"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def test_requests_are_told_by_what_is_asked_for_and_by_whom():
    declared = CustomerFacts(
        purchases={"anna": 4}, about=pd.DataFrame({"skin_type": ["dry"], "birth_year": [1991]}, index=["anna"])
    )
    declared.about.index.name = "customer_id"
    told = request_frame(
        answers(
            ("anna", ["p1"], "[1]", "", "customer", 10, "category"),
            ("r2", ["p1"], "[1]", "", "basket", 5, ""),
            ("new", ["p1"], "[1]", "unknown_customer", "customer", 10, ""),
            ("anna", ["p1"], "[1]", "store_unavailable", "customer", 10, ""),
            ("old", ["p1"], "[1]", "", None, None, None),  # logged by an earlier version
        ),
        declared,
    )
    assert told["asked"].tolist() == ["customer", "basket", "unknown_customer", "customer"]
    assert told["k"].tolist() == ["10", "5", "10", "10"]
    assert told["profile"].tolist() == ["category", "", "", ""]
    assert told["history"].tolist() == ["3 to 5", "none", "none", "3 to 5"]
    assert told["skin_type"].fillna("?").tolist() == ["dry", "?", "?", "dry"]
    assert told["birth_decade"].fillna("?").tolist() == ["1990s", "?", "?", "1990s"]


def test_recommendations_are_told_by_their_products_and_the_best_score():
    shown = answers(
        ("anna", ["p0", "p1", "p3", "p50"], "[9.0, 2, 1, 0]", "", "customer", 4, ""),
        ("ben", ["gone"], "[1.0]", "", "customer", 1, ""),
        ("eve", [], "[]", "", "customer", 10, ""),
    )
    known, seen = recommendation_frames(shown, shown.head(1).assign(scores="[99.0, 2, 1, 0]"), TABLES)
    assert known["customer_id"].tolist() == ["anna", "anna", "anna", "ben", "eve"]
    assert known["popularity"].fillna("?").tolist() == ["top 1%", "top 10%", "top half", "?", "?"]
    assert known["brand"].fillna("?").tolist() == ["brand 0", "brand 1", "brand 3", "?", "?"]
    assert known["department"].fillna("?").tolist()[:2] == ["Skin > Serum", "Skin > Cream"]
    assert known["price_band"].fillna("?").tolist()[2] == "8 to 16"
    bands = known["score"].fillna("?").tolist()
    assert bands[:3] == [bands[0]] * 3
    assert bands[3] < bands[0]
    assert bands[4] == "?"
    assert seen["score"].tolist() == [bands[0]] * 3  # a score beyond all known ones lies in the last band


def test_scores_are_parted_into_equal_tenths_of_the_first_answers():
    shown = answers(*((f"c{i}", ["p1"], f"[{i}]", "", "customer", 1, "") for i in range(1000)))
    known, _ = recommendation_frames(shown, shown, TABLES)
    assert known["score"].value_counts().tolist() == [100] * 10


@pytest.fixture
def workspace(tmp_path, row):
    workspace = Workspace(tmp_path / "shop")
    TABLES.write(workspace.tables)
    workspace.promote({"version": "v1", "promoted_at": pd.Timestamp.now("UTC").isoformat()})
    log = EventLog(workspace.log)
    log.add(parse_events([row("e1")])[0])
    log.close()
    return workspace


def ask(workspace, count, seed, version="v1", baskets=0.1, filters=0.1, favourites=1.0, spoilt=False):
    """So many answers: to customers or baskets, of products that are favoured more the lower their number."""
    rng = np.random.default_rng(seed)
    log = ImpressionLog(workspace.log, 100_000, 60)
    log.start()
    for i in range(count):
        is_basket = rng.random() < baskets
        products = [f"p{int(200 * rng.random() ** (3 * favourites))}" for _ in range(5)]
        scores = [0.0] * 5 if spoilt else sorted(rng.random(5).tolist(), reverse=True)
        shown = Impression(
            request_id=f"{seed}-{i}",
            time=1_000_000.0 * seed + i,
            customer="" if is_basket else customer_hash(f"c{rng.integers(10_000)}"),
            variant="champion",
            model_version=version,
            products=json.dumps(products),
            scores=json.dumps(scores),
            fallback="",
            seconds=0.01,
            kind="basket" if is_basket else "customer",
            k=5,
            brought="category" if rng.random() < filters else "",
        )
        log.add(shown)
    log.stop()


def reasons(workspace):
    found = run_round(workspace, CONFIG, lambda: ("refused", {}), dry=True)
    return set(found.decision.reasons)


def test_requests_and_answers_as_ever_give_no_reason(workspace):
    ask(workspace, FIRST + LATEST, seed=1)
    found = run_round(workspace, CONFIG, lambda: ("refused", {}))
    assert found.decision.reasons == {}
    assert {name: each.drifted for name, each in found.findings.answers.items()} == {
        "requests": [],
        "recommendations": [],
    }
    assert "columns drifted (none) in 600 requests" in "\n".join(round_lines(found))


def test_another_mix_of_requests_is_told_reported_and_a_reason(workspace):
    ask(workspace, FIRST, seed=1)
    ask(workspace, LATEST, seed=2, baskets=0.5, filters=0.5)
    assert reasons(workspace) == {"request_drift"}
    told = read_json(workspace.drift_of("requests"))
    assert {"asked", "profile"} <= set(told["drifted"])
    assert "profile" in workspace.drift_of("requests").with_suffix(".html").read_text()
    assert read_json(workspace.drift_of("recommendations"))["drifted"] == []
    metrics = collector_metrics(MonitoringMetrics(workspace)).decode()
    assert f'recommender_drift_share{{of="requests"}} {told["share"]}' in metrics
    assert 'recommender_drift_share{of="recommendations"} 0.0' in metrics
    assert 'recommender_drift_score{column="asked",of="requests"}' in metrics
    page = write_status(workspace, CONFIG, pd.Timestamp.now("UTC").to_pydatetime()).read_text()
    assert "600 recent requests compared with 800" in page


def test_a_round_on_a_cluster_tells_its_figures_of_answers_too(workspace, tmp_path):
    ask(workspace, FIRST, seed=1)
    ask(workspace, LATEST, seed=2, baskets=0.5, filters=0.5)
    found = run_round(workspace, CONFIG, lambda: ("refused", {}), dry=True)
    status = write_status(workspace, CONFIG, pd.Timestamp.now("UTC").to_pydatetime())
    told = dict(write_round_artifacts(found, workspace, status, tmp_path / "s", tmp_path / "d", tmp_path / "r"))
    assert told["requests_drift_share"] >= CONFIG.monitoring.drift.share
    assert told["recommendations_drift_share"] == 0


def test_other_recommendations_and_scores_are_told_and_a_reason(workspace):
    ask(workspace, FIRST, seed=1)
    ask(workspace, LATEST, seed=2, favourites=0.1, spoilt=True)
    assert reasons(workspace) == {"prediction_drift"}
    drifted = read_json(workspace.drift_of("recommendations"))["drifted"]
    assert {"score", "popularity"} <= set(drifted)


def test_only_the_champions_own_answers_are_compared_and_only_once_there_are_enough(workspace):
    ask(workspace, FIRST + LATEST, seed=1, version="v0")
    ask(workspace, FIRST, seed=2, baskets=0.5, filters=0.5)
    ask(workspace, CONFIG.monitoring.drift.minimum_rows - 1, seed=3)
    assert reasons(workspace) == set()
    assert not workspace.drift_of("requests").exists()
    ask(workspace, 1, seed=4)
    assert reasons(workspace) == {"request_drift"}


def test_answers_from_before_the_last_retraining_are_not_held_against_the_champion_again(workspace):
    ask(workspace, FIRST, seed=1)
    ask(workspace, LATEST, seed=2, baskets=0.5, filters=0.5)
    first = run_round(workspace, CONFIG, lambda: ("refused", {}))
    assert first.outcome == "refused"
    again = run_round(workspace, CONFIG, lambda: ("refused", {}))
    assert again.findings.answers == {}


def test_the_false_alarms_are_those_of_all_comparisons_of_a_round_together(workspace):
    """What chance alone gives is looked up for a third of them: so the bounds lie higher than for one comparison."""
    settings = DriftSettings(first_answers=FIRST, window=LATEST, psi=1e-6)
    assert settings_per_comparison(settings).false_alarms * len(COMPARED) == pytest.approx(settings.false_alarms)
    ask(workspace, FIRST + LATEST, seed=1)
    monitoring = CONFIG.monitoring.model_copy(update={"drift": settings})
    run_round(workspace, CONFIG.model_copy(update={"monitoring": monitoring}), lambda: ("refused", {}), dry=True)
    answers = join_events(read_impressions(workspace.log), read_events(workspace.log), monitoring.feedback)
    sides = [
        request_frame(side, CustomerFacts.from_tables(TABLES, ""))
        for side in (answers.head(FIRST), answers.tail(LATEST))
    ]
    alone = measure_drift(*sides, settings, 0).columns
    for name, found in read_json(workspace.drift_of("requests"))["columns"].items():
        assert found["threshold"] > alone[name].threshold


def test_what_was_asked_for_and_was_not_logged_is_not_compared(workspace):
    """The first answers may be from before the endpoint told what is asked for."""
    log = ImpressionLog(workspace.log, 100_000, 60)
    log.start()
    for i in range(FIRST):
        log.add(Impression(f"o{i}", float(i), f"c{i}", "champion", "v1", '["p1"]', "[1.0]", ""))
    log.stop()
    ask(workspace, LATEST, seed=1)
    assert "request_drift" not in reasons(workspace)
    assert not workspace.drift_of("requests").exists()
