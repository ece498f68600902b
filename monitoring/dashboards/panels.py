"""The panels of each dashboard."""

from dataclasses import dataclass
from typing import Final

from recommender.evaluation import kpis

_RATE: Final = "[5m]"


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel, its unit as Grafana names it, its queries PromQL by legend."""

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]


def _quantile(share: float) -> str:
    return f"histogram_quantile({share}, sum by (le) (rate(recommender_request_seconds_bucket{_RATE})))"


def _by(label: str, metric: str) -> tuple[tuple[str, str], ...]:
    return ((f"{{{{{label}}}}}", f"sum by ({label}) (rate({metric}{_RATE}))"),)


SERVICE: Final = (
    Panel("Requests per second, by status", "reqps", _by("status", "recommender_requests_total")),
    Panel("Latency percentiles", "s", tuple((f"{share:.0%}", _quantile(share)) for share in (0.5, 0.95, 0.99))),
    Panel("Answers per second, by path", "reqps", _by("path", "recommender_answers_total")),
    Panel("Fallback share, by reason", "percentunit", (
        ("{{fallback}}", f'sum by (fallback) (rate(recommender_answers_total{{fallback!=""}}{_RATE})) '
         f"/ on () group_left () sum(rate(recommender_answers_total{_RATE}))"),)),
    Panel("Processes with a loaded model", "none", (("{{variant}}", "sum by (variant) (recommender_model_loaded)"),)),
    Panel("Impressions per second, by outcome", "cps", _by("outcome", "recommender_impressions_total")),
    Panel("Impressions not logged yet", "none", (("{{table}}", "sum by (table) (recommender_impressions_waiting)"),)),
    Panel("Products removed per second, by rule", "cps", _by("rule", "recommender_removed_products_total")),
)  # fmt: skip

MODEL: Final = (
    Panel("Share of drifted columns", "percentunit", (("{{of}}", "recommender_drift_share"),)),
    Panel("Drift by column, over its threshold", "none", (("{{of}}: {{column}}", "recommender_drift_score"),)),
    Panel("Retrainings, by outcome", "none", (("{{outcome}}", "recommender_retrainings"),)),
    Panel("Age of the champion", "s", (
        ("age", 'time() - recommender_last_timestamp_seconds{what="promotion"}'),)),
    Panel("New models loaded or refused", "none", (
        ("{{variant}} {{result}}", "sum by (variant, result) (increase(recommender_model_swaps_total[1h]))"),)),
    Panel("Time since the last round of monitoring", "s", (
        ("since", 'time() - recommender_last_timestamp_seconds{what="monitoring"}'),)),
)  # fmt: skip

_UNITS: Final = {"share": "percentunit"}

BUSINESS: Final = (
    *(
        Panel(
            f"{kpi.label}: {kpi.definition}",
            _UNITS.get(kpi.unit, "none"),
            tuple((end, f'recommender_kpi{{kpi="{kpi.name}",end="{end}"}}') for end in ("value", "low", "high")),
        )
        for kpi in kpis.kpis_from_join()
    ),
    Panel("Events per second, by outcome", "cps", _by("outcome", "recommender_events_total")),
)

DASHBOARDS: Final = {"service": SERVICE, "model": MODEL, "business": BUSINESS}
