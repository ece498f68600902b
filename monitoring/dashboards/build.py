"""``python -m monitoring.dashboards.build``: writes the dashboards and the alert rules beside this file."""

import json
from pathlib import Path
from typing import Any, Final

import yaml

from infrastructure.files import write_atomically
from monitoring.dashboards.alerts import ALERTS
from monitoring.dashboards.panels import DASHBOARDS, Panel

FOLDER: Final = Path(__file__).parent
RULES: Final = "alerts.yaml"
OPERATORS_RULES: Final = "prometheus-rule.yaml"
_WIDTH, _HEIGHT, _ROW = 12, 8, 24


def dashboard(name: str, panels: tuple[Panel, ...]) -> dict[str, Any]:
    """A dashboard as Grafana imports it; the data source is chosen there."""
    return {
        "uid": f"recommender-{name}",
        "title": f"Recommender: {name}",
        "tags": ["recommender"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]},
        "panels": [_panel(place, panel) for place, panel in enumerate(panels)],
    }


def rules() -> dict[str, Any]:
    """The alerts as Prometheus reads them."""
    alerts = [
        {
            "alert": alert.name,
            "expr": alert.expression,
            "for": alert.duration,
            "labels": {"severity": alert.severity},
            "annotations": {"summary": alert.summary, "action": alert.action},
        }
        for alert in ALERTS
    ]
    return {"groups": [{"name": "recommender", "rules": alerts}]}


def operators_rules() -> dict[str, Any]:
    """The alerts as the Prometheus operator reads them, on a cluster."""
    kind = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": {"name": "recommender"}}
    return {**kind, "spec": rules()}


def files() -> dict[str, bytes]:
    """The content of every generated file, by file name."""
    boards = {f"{name}.json": dashboard(name, panels) for name, panels in DASHBOARDS.items()}
    written = {name: (json.dumps(board, indent=2) + "\n").encode() for name, board in boards.items()}
    return {**written, RULES: _yaml(rules()), OPERATORS_RULES: _yaml(operators_rules())}


def _yaml(value: dict[str, Any]) -> bytes:
    return yaml.safe_dump(value, sort_keys=False, width=100).encode()


def _panel(place: int, panel: Panel) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${source}"}
    queries = [
        {"refId": chr(ord("A") + number), "expr": query, "legendFormat": legend, "datasource": source}
        for number, (legend, query) in enumerate(panel.queries)
    ]
    left, top = place * _WIDTH % _ROW, place * _WIDTH // _ROW * _HEIGHT
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": source,
        "gridPos": {"x": left, "y": top, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": queries,
    }


if __name__ == "__main__":
    for file, content in files().items():
        write_atomically(FOLDER / file, content)
