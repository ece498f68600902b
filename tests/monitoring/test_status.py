"""The status page: what is there is shown, what is not is said, and the page needs nothing from outside."""

import re
from datetime import UTC, datetime

import pandas as pd
import pytest

from feedback.event_log import EventLog
from feedback.events import parse_events
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from monitoring.status import Status, write_status
from recommender.contract.impressions import Impression
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables
from serving.impressions.log import ImpressionLog
from settings.config import Config

NOW = datetime(2025, 6, 16, tzinfo=UTC)
START = 1_750_000_000.0


@pytest.fixture
def workspace(tmp_path, row):
    workspace = Workspace(tmp_path / "shop")
    products = pd.DataFrame({"product_id": ["p1", "p2"], "name": ["Cream", "Gel"], "price": [10.0, 20.0]})
    bought = pd.DataFrame({"customer_id": ["c0"], "product_id": ["p1"], "rating": [5.0]})
    Tables(products, ratings=bought).write(workspace.tables)
    shown = ImpressionLog(workspace.log, 1000, 60)
    shown.start()
    for i in range(100):
        version = "v1" if i < 50 else "v2"
        customer = customer_hash(f"c{i}")
        shown.add(Impression(f"r{i}", START + 60 * i, customer, "champion", version, '["p1", "p2"]', "[]", ""))
    shown.stop()
    log = EventLog(workspace.log)
    rows = [row(f"e{i}", type="purchase", request_id=f"r{i}", time=START + 60 * i) for i in range(0, 100, 4)]
    log.add(parse_events(rows)[0])
    log.close()
    workspace.promote({"version": "v2", "promoted_at": "2025-06-15T10:00:00+00:00"})
    column = {"score": 0.31, "threshold": 0.1, "drifted": True}
    found = {"share": 1.0, "drifted": ["brand"], "current_rows": 7, "reference_rows": 9, "columns": {"brand": column}}
    write_json(workspace.reports / "drift.json", found)
    decision = {"retrain": True, "reasons": {"drift": "everything changed"}, "blocks": {}}
    evidence = {"champion": "v1", "last_row": 1}
    record = {"time": START, "decision": decision, "evidence": evidence, "outcome": "refused"}
    write_json(workspace.triggers / "1.json", record)
    return workspace


def test_the_page_shows_measures_drift_and_decisions(workspace):
    page = write_status(workspace, Config(), NOW).read_text()
    for text in ("Champion v2", "Conversion", "26.0%", "everything changed", "refused", "brand", "0.310", "last event"):
        assert text in page, text


def test_the_page_loads_nothing(workspace):
    page = write_status(workspace, Config(), NOW).read_text()
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "<script" not in page


def test_versions_have_figures_of_their_own(workspace):
    (measures, *drawings), *_ = [section.blocks for section in Status(workspace, Config(), NOW).page().sections]
    assert measures.heads == ("measure", "role", "v1", "v2")
    assert measures.rows[0] == ("Answers", "", "50", "50")
    assert len(drawings) == 2


def test_an_empty_workspace_says_what_to_do(tmp_path):
    page = write_status(Workspace(tmp_path / "shop"), Config(), NOW).read_text()
    assert "make run" in page
    assert "beauty monitor" in page


def test_the_verdict_stands_first_and_names_what_needs_attention(workspace):
    page = Status(workspace, Config(), NOW).page()
    assert page.lead.startswith("Needs attention: purchases drifted (brand).")
    assert page.about == "data set “shop”, made 2025-06-16 00:00 UTC"


def test_where_nothing_is_wrong_it_says_so(workspace):
    quiet = {"share": 0.0, "drifted": [], "current_rows": 7, "reference_rows": 9, "columns": {}}
    write_json(workspace.reports / "drift.json", quiet)
    verdict = Status(workspace, Config(), NOW).verdict()
    assert verdict.startswith("Nothing needs attention: none of the 100 answers")
    assert verdict.endswith("and no drift was found last.")


def test_that_drift_was_not_looked_for_is_no_finding(workspace):
    for report in workspace.reports.glob("drift*.json"):
        report.unlink()
    assert Status(workspace, Config(), NOW).verdict().endswith("and drift was not looked for yet.")


def test_a_failed_run_an_answer_with_what_is_avoided_and_no_champion_need_attention(workspace, tmp_path):
    failed = {"run_id": "r", "state": "failed", "promoted": False, "reasons": [], "champion": None, "error": "no disk"}
    write_json(workspace.run("r") / "outcome.json", {**failed, "finished_at": ""})
    status = Status(workspace, Config(), NOW)
    status.__dict__["joined"] = status.joined.assign(violated=[1.0, *[0.0] * 99])
    assert "1 answer showed an ingredient that the customer avoids; the last run failed: no disk" in status.verdict()
    interrupted = failed | {"state": "interrupted", "error": None, "finished_at": ""}
    write_json(workspace.run("r") / "outcome.json", interrupted)
    assert "the last run was interrupted" in Status(workspace, Config(), NOW).verdict()
    assert "there is no champion" in Status(Workspace(tmp_path / "new"), Config(), NOW).verdict()


def test_the_axes_have_dates(workspace):
    page = write_status(workspace, Config(), NOW).read_text()
    assert "2025-06-15 (UTC)" in page
    assert not re.search(r"\de[+-]\d", re.sub(r"<path[^>]*>|<use[^>]*>|id=\"[^\"]*\"|#[0-9a-z]+", "", page))
