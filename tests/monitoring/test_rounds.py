"""A round of monitoring from a log to a recorded outcome; the retraining itself is replaced."""

import json
import threading

import pandas as pd
import pytest

from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.training_export import export_log_events
from infrastructure.errors import DataError
from infrastructure.workspace import Workspace
from monitoring.decision_log import DecisionLog
from monitoring.reference import write_reference
from monitoring.retrain import Retraining
from monitoring.round_report import round_lines
from monitoring.rounds import run_round
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from settings.config import Config
from settings.monitoring import DriftSettings, MonitoringSettings, TriggerSettings

CONFIG = Config(
    monitoring=MonitoringSettings(
        drift=DriftSettings(minimum_rows=50), trigger=TriggerSettings(minimum_rows=100, cooldown_hours=0)
    )
)
ROWS = 300


def transactions(brand_of_row):
    return pd.DataFrame(
        {
            c.TRANSACTION_ID: [f"t{i}" for i in range(ROWS)],
            c.CUSTOMER_ID: [f"c{i}" for i in range(ROWS)],
            c.PRODUCT_ID: [brand_of_row(i) for i in range(ROWS)],
            c.QUANTITY: 1,
            c.POSITION: 0,
            c.TIME: pd.to_datetime(range(ROWS), unit="h", utc=True, origin="2025-01-01").as_unit("us"),
        }
    )


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path / "shop")
    products = pd.DataFrame({c.PRODUCT_ID: ["a", "b"], c.NAME: ["A", "B"], c.BRAND: ["Aqua", "Bora"]})
    tables = Tables(products=products, transactions=transactions(lambda i: "ab"[i % 2]))
    tables.write(workspace.tables)
    write_reference(tables, workspace.reference)
    workspace.promote({"version": "v1", "promoted_at": pd.Timestamp.now("UTC").isoformat()})
    return workspace


def buy(workspace, row, name, products):
    log = EventLog(workspace.log)
    rows = [
        row(f"{name}{i}", customer_id=f"c{i}", type="purchase", product_id=products[i % len(products)])
        for i in range(ROWS)
    ]
    log.add(parse_events(rows)[0])
    log.close()


class Pipeline:
    """Stands in for the training pipeline."""

    def __init__(self, workspace, outcome="promoted"):
        self.workspace, self.outcome, self.runs = workspace, outcome, 0

    def __call__(self):
        self.runs += 1
        return self.outcome, {"run_id": "r1"}


def test_without_a_champion_there_is_nothing_to_watch(tmp_path):
    with pytest.raises(DataError, match="no champion"):
        run_round(Workspace(tmp_path), CONFIG, Pipeline(None))


def test_quiet_traffic_leaves_the_trigger_quiet(workspace, row):
    buy(workspace, row, "e", "ab")
    pipeline = Pipeline(workspace)
    found = run_round(workspace, CONFIG, pipeline)
    assert not found.decision.retrain
    assert found.findings.drift.drifted == []
    assert pipeline.runs == 0
    assert "stay quiet" in "\n".join(round_lines(found))


def test_drift_retrains_once_and_records_why(workspace, row):
    buy(workspace, row, "e", "aaaaab")
    pipeline = Pipeline(workspace, "refused")
    found = run_round(workspace, CONFIG, pipeline)
    assert (found.decision.retrain, found.outcome, pipeline.runs) == (True, "refused", 1)
    record = json.loads(found.record.read_text())
    assert record["decision"]["reasons"]["drift"].endswith("drifted (brand)")
    assert (record["outcome"], record["run_id"]) == ("refused", "r1")
    again = run_round(workspace, CONFIG, pipeline)
    assert pipeline.runs == 1
    assert again.findings.drift is None  # nothing has come since
    assert "brand" in (workspace.reports / "drift.html").read_text()


def test_feedback_holds_everything_the_next_training_should_know(workspace, row):
    export_log_events(workspace)
    assert not workspace.feedback.exists()
    buy(workspace, row, "e", "aaaaab")
    export_log_events(workspace)
    assert len(pd.read_parquet(workspace.feedback / "events.parquet")) == ROWS


def test_a_failed_retraining_is_tried_again_with_the_same_evidence(workspace, row):
    buy(workspace, row, "e", "aaaaab")
    settings = CONFIG.monitoring.trigger.model_copy(update={"cooldown_hours": 24.0, "retry_hours": 0.0})
    config = CONFIG.model_copy(update={"monitoring": CONFIG.monitoring.model_copy(update={"trigger": settings})})
    failing, mended = Pipeline(workspace, "failed"), Pipeline(workspace, "promoted")
    assert run_round(workspace, config, failing).outcome == "failed"
    assert run_round(workspace, config, mended).outcome == "promoted"
    assert not run_round(workspace, config, mended).decision.retrain


def test_a_dry_round_decides_and_starts_nothing(workspace, row):
    buy(workspace, row, "e", "aaaaab")
    pipeline = Pipeline(workspace)
    found = run_round(workspace, CONFIG, pipeline, dry=True)
    assert set(found.decision.reasons) == {"drift"}
    assert (list(found.decision.blocks), pipeline.runs) == (["dry_run"], 0)
    assert run_round(workspace, CONFIG, pipeline).outcome == "promoted"


def test_two_triggers_at_once_start_one_run(workspace, row):
    buy(workspace, row, "e", "aaaaab")
    entered, leave = threading.Event(), threading.Event()

    class Slow(Pipeline):
        def __call__(self):
            entered.set()
            leave.wait(60)
            return super().__call__()

    slow, second = Slow(workspace), Pipeline(workspace)
    first = threading.Thread(target=run_round, args=(workspace, CONFIG, slow))
    first.start()
    assert entered.wait(60)
    blocked = run_round(workspace, CONFIG, second)
    leave.set()
    first.join()
    assert (slow.runs, second.runs) == (1, 0)
    assert "busy" in blocked.decision.blocks
    assert [record.get("outcome") for record in DecisionLog(workspace.triggers).records()] == ["promoted", None]


def test_a_retraining_that_cannot_start_is_recorded_as_failed(workspace, tmp_path):
    outcome, details = Retraining(tmp_path / "missing.yaml", None, workspace).run_locally()
    assert outcome == "failed"
    assert "missing.yaml" in details["error"]
