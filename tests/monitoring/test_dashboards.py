"""Dashboards and alerts: as the code makes them, over metrics that exist, and right by Prometheus' own tool."""

import re
import shutil
import subprocess

import pytest
import yaml
from prometheus_client import REGISTRY as SERVING

import serving.observability.metrics  # noqa: F401 (registers the endpoint's metrics)
from feedback.collector import REGISTRY, collector_metrics
from infrastructure.files import write_json
from infrastructure.workspace import Workspace
from monitoring.dashboards.alerts import ALERTS
from monitoring.dashboards.build import FOLDER, RULES, files
from monitoring.dashboards.panels import DASHBOARDS
from monitoring.decision_log import DecisionLog
from monitoring.metrics import MonitoringMetrics

QUERIES = [query for panels in DASHBOARDS.values() for panel in panels for _, query in panel.queries]


def known(tmp_path):
    ours = {family.name for family in MonitoringMetrics(Workspace(tmp_path)).collect()}
    return ours | set(REGISTRY._names_to_collectors) | set(SERVING._names_to_collectors)


@pytest.mark.parametrize("name", [*files()])
def test_what_is_committed_is_what_the_code_makes(name):
    assert (FOLDER / name).read_bytes() == files()[name]


def test_every_query_names_metrics_that_exist(tmp_path):
    there = known(tmp_path)
    for query in (*QUERIES, *(alert.expression for alert in ALERTS)):
        named = set(re.findall(r"recommender_\w+", query))
        assert named
        assert named <= there, query


def promtool(*arguments, cwd=None):
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd)


def test_the_alerts_are_rules_that_prometheus_takes():
    found = promtool("check", "rules", FOLDER / RULES)
    assert found.returncode == 0, found.stderr


def test_every_query_of_a_dashboard_is_promql(tmp_path):
    rules = [{"record": f"panel{number}", "expr": query} for number, query in enumerate(QUERIES)]
    (tmp_path / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    found = promtool("check", "rules", tmp_path / "panels.yaml")
    assert found.returncode == 0, found.stderr


CASES = [
    ("RecommenderViolates", 'recommender_kpi{kpi="violations",end="value"}', "0.001x10", "0x10"),
    ("RecommenderDrifts", 'recommender_drift_share{of="purchases"}', "0.5x10", "0.1x10"),
    ("RecommenderHoldsNoModel", 'recommender_model_loaded{variant="champion"}', "0x10", "2x10"),
    ("RecommenderRetrainingFails", 'recommender_retrainings{outcome="failed"}', "0 0 1x8", "1x10"),
    ("RecommenderErrors", 'recommender_requests_total{status="500"}', "0+100x20", "0x20"),
    ("RecommenderUnwatched", 'recommender_last_timestamp_seconds{what="monitoring"}', "-200000x120", "0x120"),
]


@pytest.mark.parametrize(("alert", "series", "bad", "good"), CASES)
def test_an_alert_fires_when_it_should_and_only_then(tmp_path, alert, series, bad, good):
    shutil.copyfile(FOLDER / RULES, tmp_path / RULES)
    (expected,) = [rule for rule in ALERTS if rule.name == alert]
    at = "2h" if expected.duration == "1h" else "10m"
    for values, fires in ((bad, True), (good, False)):
        labels = {"severity": expected.severity, **dict(re.findall(r'(\w+)="(\w+)"', series.partition("{")[2]))}
        if alert in ("RecommenderHoldsNoModel", "RecommenderErrors"):
            labels = {"severity": expected.severity}
        steady = {"series": 'recommender_requests_total{status="200"}', "values": "0+100x20"}
        summary = expected.summary.replace("{{ $labels.of }}", labels.get("of", ""))
        firing = [{"exp_labels": labels, "exp_annotations": {"summary": summary, "action": expected.action}}]
        case = {
            "rule_files": [RULES],
            "evaluation_interval": "1m",
            "tests": [
                {
                    "interval": "1m",
                    "input_series": [{"series": series, "values": values}, steady],
                    "alert_rule_test": [{"eval_time": at, "alertname": alert, "exp_alerts": firing if fires else []}],
                }
            ],
        }
        (tmp_path / "test.yaml").write_text(yaml.safe_dump(case))
        found = promtool("test", "rules", "test.yaml", cwd=tmp_path)
        assert found.returncode == 0, found.stdout + found.stderr


def test_what_the_last_round_found_is_told_to_prometheus(tmp_path):
    workspace = Workspace(tmp_path)
    write_json(workspace.performance, {"kpis": {"conversion": {"value": 0.2, "low": 0.1, "high": 0.3}}})
    column = {"score": 0.3, "threshold": 0.1, "drifted": True}
    write_json(workspace.reports / "drift.json", {"share": 0.25, "columns": {"brand": column}})
    write_json(workspace.triggers / "1.json", {"outcome": "failed"})
    assert len(DecisionLog(workspace.triggers).records()) == 1
    told = collector_metrics(MonitoringMetrics(workspace)).decode()
    assert 'recommender_kpi{end="low",kpi="conversion"} 0.1' in told
    assert re.search(r'recommender_drift_score\{column="brand",of="purchases"\} (2\.99|3)', told)
    assert 'recommender_drift_share{of="purchases"} 0.25' in told
    assert 'recommender_retrainings{outcome="failed"} 1.0' in told
    assert 'recommender_last_timestamp_seconds{what="monitoring"}' in told
