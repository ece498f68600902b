"""Whether recent traffic has the distribution that the model was trained on."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

# Before Evidently is imported, which reads it then: no telemetry is sent.
os.environ.setdefault("DO_NOT_TRACK", "1")

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.core.report import Snapshot
from evidently.metrics import DriftedColumnsCount, ValueDrift
from scipy.stats import chi2

from infrastructure.files import write_json
from monitoring.drift_report import drift_page
from recommender.contract import columns as c
from settings.monitoring import DriftSettings

OTHER: Final = "(other)"
UNKNOWN: Final = "(unknown)"
METHOD: Final = "psi"


@dataclass(frozen=True)
class ColumnDrift:
    """How far one column has moved: its population stability index, and the one from where on it has drifted."""

    score: float
    threshold: float
    drifted: bool


@dataclass(frozen=True)
class Drift:
    """The result of a comparison.

    Attributes:
        reference_rows: Rows of the reference.
        current_rows: Rows of recent traffic.
        columns: Drift by column.
        shares: By column and value, its share of the reference and of recent traffic.
        windows: What the reference and recent traffic are, in words.
    """

    reference_rows: int
    current_rows: int
    columns: dict[str, ColumnDrift]
    shares: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict[str, dict[str, tuple[float, float]]])
    windows: tuple[str, str] = ("", "")

    @property
    def drifted(self) -> list[str]:
        """Names of the drifted columns, the most drifted first."""
        ranked = [(-column.score, name) for name, column in self.columns.items() if column.drifted]
        return [name for _, name in sorted(ranked)]

    @property
    def share(self) -> float:
        """Share of drifted columns."""
        return len(self.drifted) / len(self.columns) if self.columns else 0.0

    def summary(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {"share": self.share, "drifted": self.drifted, **asdict(self)}


def measure_drift(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    settings: DriftSettings,
    seed: int,
    windows: tuple[str, str] = ("", ""),
) -> Drift:
    """Compare every column of two frames but the customer's id.

    Both are made as :func:`monitoring.reference.purchase_frame` makes them; larger ones are sampled. ``windows`` says
    what they are.
    """
    sides = [_sample(side, settings.maximum_rows, seed) for side in (reference, current)]
    known, seen = group_values(sides[0], sides[1], settings)
    thresholds = _thresholds(known, seen, effective_rows(sides[0]), effective_rows(sides[1]), settings)
    snapshot = _report(known, seen, thresholds, settings.share)
    return Drift(len(known), len(seen), _columns(snapshot, thresholds), value_shares(known, seen), windows)


def value_shares(known: pd.DataFrame, seen: pd.DataFrame) -> dict[str, dict[str, tuple[float, float]]]:
    """By column and value, its share of each side."""
    return {str(column): _both_shares(known[column], seen[column]) for column in known}


def _both_shares(known: pd.Series, seen: pd.Series) -> dict[str, tuple[float, float]]:
    before, recent = (side.value_counts(normalize=True) for side in (known, seen))
    values = sorted({*before.index, *recent.index})
    return {str(value): (float(before.get(value, 0)), float(recent.get(value, 0))) for value in values}


def write_drift_report(drift: Drift, report: Path, what: str, about: str) -> None:
    """Write a comparison of ``what`` (purchases, say) to ``report`` as JSON, with a page for people beside it."""
    summary = drift.summary()
    drift_page(summary, what, about).write_html(report.with_suffix(".html"))
    write_json(report, summary)


def group_values(
    reference: pd.DataFrame, current: pd.DataFrame, settings: DriftSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames with the reference's frequent values, all others as one value, and missing ones as another.

    The index of a value that one side hardly has is noise; and a column with a single value says nothing.
    """
    known, seen = pd.DataFrame(index=reference.index), pd.DataFrame(index=current.index)
    for column in reference.columns.drop(c.CUSTOMER_ID):
        shares = reference[column].value_counts(normalize=True)
        frequent = set(shares[shares >= settings.minimum_share].index[: settings.values])
        known[column], seen[column] = (_labels(side[column], frequent) for side in (reference, current))
    varying = [column for column in known if pd.concat([known[column], seen[column]]).nunique() > 1]
    return known[varying], seen[varying]


def effective_rows(frame: pd.DataFrame) -> float:
    """Kish's effective sample size: rows of one customer are alike, so ten of them say less than ten customers.

    Kish (1965), "Survey Sampling".
    """
    rows = frame[c.CUSTOMER_ID].value_counts()
    return float(rows.sum() ** 2 / (rows**2).sum()) if len(rows) else 0.0


def _labels(values: pd.Series, frequent: set[Any]) -> pd.Series:
    return values.where(values.isin(frequent) | values.isna(), OTHER).fillna(UNKNOWN).astype(str)


def _sample(frame: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    frame = frame.sample(rows, random_state=seed) if len(frame) > rows else frame
    return frame.reset_index(drop=True)


def _thresholds(
    known: pd.DataFrame, seen: pd.DataFrame, reference_rows: float, current_rows: float, settings: DriftSettings
) -> dict[str, float]:
    """The set threshold of each column, or the index that chance alone seldom exceeds where that is higher.

    Of two samples of one distribution the index, divided by (1/n + 1/m), is about chi-squared with one degree of
    freedom less than there are values (Yurdakul and Naranjo 2020, "Statistical properties of the population
    stability index"). The false alarms are those of all columns together (Bonferroni).
    """
    noise = 1 / reference_rows + 1 / current_rows
    certainty = 1 - settings.false_alarms / max(1, len(known.columns))
    freedom = {str(column): max(known[column].nunique(), seen[column].nunique()) - 1 for column in known.columns}
    return {column: max(settings.psi, float(chi2.ppf(certainty, df)) * noise) for column, df in freedom.items()}


def _report(known: pd.DataFrame, seen: pd.DataFrame, thresholds: dict[str, float], share: float) -> Snapshot:
    definition = DataDefinition(categorical_columns=list(thresholds))
    metrics = [ValueDrift(column=column, method=METHOD, threshold=limit) for column, limit in thresholds.items()]
    count = DriftedColumnsCount(
        columns=list(thresholds), method=METHOD, per_column_threshold=thresholds, drift_share=share
    )
    sides = [Dataset.from_pandas(side, data_definition=definition) for side in (seen, known)]
    return Report([count, *metrics], include_tests=True).run(*sides)


def _columns(snapshot: Snapshot, thresholds: dict[str, float]) -> dict[str, ColumnDrift]:
    scores = {
        metric["config"]["column"]: float(metric["value"])
        for metric in snapshot.dict()["metrics"]
        if metric["config"]["type"].endswith("ValueDrift")
    }
    return {name: ColumnDrift(scores[name], limit, scores[name] >= limit) for name, limit in thresholds.items()}
