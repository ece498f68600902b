"""The status page: how a shop's recommender is doing, on one page that needs no Grafana."""

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from experiments.report import EXPERIMENT_JSON
from feedback.customer_facts import CustomerFacts
from feedback.database import database
from feedback.join import join_events
from feedback.live_metrics import LiveMetrics, kpi_ratio, kpi_text, live_metrics
from feedback.log_reader import read_all_impressions, read_events
from infrastructure import SECONDS_AN_HOUR
from infrastructure.files import read_json_if_present
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import RunOutcome
from monitoring.decision_log import DecisionLog
from monitoring.drift_report import windows_text
from recommender.contract import columns as c
from recommender.contract.impressions import MODEL_VERSION
from recommender.contract.tables import Tables
from recommender.evaluation import kpis
from recommender.evaluation.kpis import Kpi
from recommender.reports import plots, wording
from recommender.reports.page import Block, Page, Plot, Section, Table, Text, about_text
from recommender.reports.wording import moment
from settings.config import Config

STATUS_PAGE: Final = "status.html"
#: Lines of the tables of decisions and runs, and points of a plot.
_LATEST: Final = 10
_POINTS: Final = 20
_PLOTTED: Final = ("conversion", "click_rate")


@dataclass(frozen=True)
class Status:
    """The state of a shop's recommender."""

    workspace: Workspace
    config: Config
    now: datetime

    @cached_property
    def events(self) -> pd.DataFrame:
        """Every event."""
        return read_events(database(self.workspace))

    @cached_property
    def joined(self) -> pd.DataFrame:
        """Every answer with what customers did about it."""
        facts = CustomerFacts()
        if (self.workspace.tables / f"{c.PRODUCTS}.parquet").is_file():
            facts = CustomerFacts.from_tables(Tables.read(self.workspace.tables), self.config.serving.customer_salt)
        return join_events(read_all_impressions(self.workspace), self.events, self.config.monitoring.feedback, facts)

    def page(self) -> Page:
        """The page."""
        champion = self.workspace.champion()
        lead = f"{self.verdict()} As of {moment(self.now)}. " + (
            f"Champion {champion['version']}, promoted {moment(datetime.fromisoformat(champion['promoted_at']))}."
            if champion
            else "There is no champion yet: make run."
        )
        headline = (
            ("answers", wording.count(len(self.joined))),
            ("events", wording.count(len(self.events))),
            ("retrainings", wording.count(len(DecisionLog(self.workspace.triggers).retrainings()))),
        )
        makers: dict[str, Callable[[], tuple[Block, ...]]] = {
            "Measures": self._measures,
            "Drift": self._drift,
            "Experiment": self._experiment,
            "Decisions of the trigger": self._decisions,
            "Runs of the pipeline": self._runs,
            "How fresh the data is": self._freshness,
        }
        sections = tuple(Section(title, make()) for title, make in makers.items())
        about = about_text(self.workspace.root.name, moment(self.now))
        return Page(f"Status of “{self.workspace.root.name}”", lead, headline, sections, about)

    def verdict(self) -> str:
        """In one sentence, whether anything needs a person."""
        troubles = [*self._troubles()]
        if troubles:
            return f"Needs attention: {'; '.join(troubles)}."
        if self.joined.empty:
            return "Nothing needs attention, but nothing was shown to a customer yet."
        drift = "no drift was found last" if self.workspace.last_drift() else "drift was not looked for yet"
        return (
            f"Nothing needs attention: none of the {wording.count_of(len(self.joined), 'answer')} showed what its "
            f"customer avoids, no run failed last, and {drift}."
        )

    def _troubles(self) -> Iterator[str]:
        """What a person should look at, the gravest first."""
        if self.workspace.champion() is None:
            yield "there is no champion"
        violated = 0 if self.joined.empty else int(self.joined[kpis.VIOLATED].sum())
        if violated:
            yield f"{wording.count_of(violated, 'answer')} showed an ingredient that the customer avoids"
        runs = self._outcomes
        if runs and runs[0].state != "succeeded":
            ended = "was interrupted" if runs[0].state == "interrupted" else runs[0].state
            yield f"the last run {ended}{f': {runs[0].error}' if runs[0].error else ''}"
        yield from (
            f"{what} drifted ({wording.enumeration([*drift['drifted']])})"
            for what, drift in self.workspace.last_drift().items()
            if drift["drifted"]
        )
        records = DecisionLog(self.workspace.triggers).records()
        if records and records[-1]["decision"]["retrain"] and records[-1].get("outcome", "failed") == "failed":
            yield "the last retraining failed"

    def _measures(self) -> tuple[Block, ...]:
        if self.joined.empty:
            return (Text(("No recommendation was shown yet.",)),)
        settings = self.config.monitoring.feedback
        versions = {str(version): live_metrics(rows, settings) for version, rows in self.joined.groupby(MODEL_VERSION)}
        measured = [
            kpi for kpi in kpis.kpis_from_join() if any(kpi.name in metrics.kpis for metrics in versions.values())
        ]
        rows = tuple((kpi.label, kpi.role, *(_kpi_cell(kpi, m) for m in versions.values())) for kpi in measured)
        counts = ("Answers", "", *(wording.count(metrics.answers) for metrics in versions.values()))
        heads = ("measure", "role", *versions)
        says = f"By model version, with {settings.confidence:.0%} intervals over customers (not single answers)."
        table = Table("Live measures", heads, (counts, *rows), "ll" + "r" * len(versions), says)
        return (table, *self._over_time())

    def _over_time(self) -> tuple[Plot, ...]:
        """Plots of the measures in ``_PLOTTED``, over periods of equally many answers."""
        rows = self.joined.sort_values(c.TIME, kind="stable").reset_index(drop=True)
        periods = [part for _, part in rows.groupby(rows.index * _POINTS // len(rows))]
        times = pd.to_datetime([part[c.TIME].mean() for part in periods], unit="s", utc=True)
        return tuple(self._plot(kpis.BY_NAME[name], times, periods) for name in _PLOTTED)

    def _plot(self, kpi: Kpi, times: pd.DatetimeIndex, periods: list[pd.DataFrame]) -> Plot:
        confidence = self.config.monitoring.feedback.confidence
        intervals = [kpi_ratio(part, kpi).interval(confidence, share=kpi.is_share) for part in periods]
        says = f"{kpi.definition[0].upper()}{kpi.definition[1:]}, with {confidence:.0%} intervals."
        name = kpi.label if kpi.is_share else f"{kpi.label} ({kpi.unit})"
        svg = plots.band(times, [astuple(interval) for interval in intervals], y=name, shares=kpi.is_share)
        return Plot(kpi.label, says, svg)

    def _drift(self) -> tuple[Block, ...]:
        tables = [_drift_table(what, drift) for what, drift in self.workspace.last_drift().items()]
        return tuple(tables) or (Text(("No comparison yet: beauty monitor.",)),)

    def _experiment(self) -> tuple[Block, ...]:
        analysis = read_json_if_present(self.workspace.reports / EXPERIMENT_JSON)
        if analysis is None:
            return (Text(("No experiment was analysed yet: beauty experiment.",)),)
        return (Text((f"“{analysis['experiment']}”: {analysis['verdict']}. {analysis['why']}",)),)

    def _decisions(self) -> tuple[Block, ...]:
        records = DecisionLog(self.workspace.triggers).records()[-_LATEST:]
        rows = tuple(
            (
                moment(datetime.fromtimestamp(record["time"], UTC)),
                "; ".join(f"{name}: {why}" for name, why in record["decision"]["reasons"].items()) or "nothing",
                "; ".join(f"{name}: {why}" for name, why in record["decision"]["blocks"].items()) or "nothing",
                record.get("outcome", "failed") if record["decision"]["retrain"] else "not started",
            )
            for record in reversed(records)
        )
        if not rows:
            return (Text(("No round of monitoring yet: beauty monitor.",)),)
        return (Table("The latest rounds", ("when", "for a retraining", "against it", "outcome"), rows, "llll"),)

    def _runs(self) -> tuple[Block, ...]:
        rows = tuple(
            (run.run_id, run.state, "promoted" if run.promoted else "not promoted", _why(run))
            for run in self._outcomes[:_LATEST]
        )
        if not rows:
            return (Text(("No run yet: make run.",)),)
        return (Table("The latest runs", ("run", "how it ended", "model", "why"), rows, "llll"),)

    @cached_property
    def _outcomes(self) -> list[RunOutcome]:
        """The runs that ended, the latest first."""
        runs = [RunOutcome.read(run) for run in sorted(self.workspace.runs.glob("*"), reverse=True) if run.is_dir()]
        return [run for run in runs if run is not None]

    def _freshness(self) -> tuple[Block, ...]:
        stamps = {
            "last event": _last(self.events),
            "last answer": _last(self.joined),
            "cleaned tables": _written(self.workspace.tables),
            "features": _written(self.workspace.feast),
            "last round of monitoring": _written(self.workspace.performance),
        }
        rows = tuple((what, moment(when), _ago(self.now, when)) for what, when in stamps.items() if when)
        return (Table("Last seen or written", ("what", "when", "ago"), rows, "llr"),)


def write_status(workspace: Workspace, config: Config, now: datetime) -> Path:
    """Write the page into the workspace's reports and return its path."""
    target = workspace.reports / STATUS_PAGE
    Status(workspace, config, now).page().write_html(target)
    return target


def _why(run: RunOutcome) -> str:
    """What a run failed by, which checks refused its model, or that all were passed."""
    refusals = [reason.removeprefix("FAIL ") for reason in run.reasons if reason.startswith("FAIL ")]
    passed = f"all {len(run.reasons)} checks passed" if run.reasons else ""
    return run.error or "; ".join(refusals) or passed


def _kpi_cell(kpi: Kpi, metrics: LiveMetrics) -> str:
    interval = metrics.kpis.get(kpi.name)
    return kpi_text(kpi, interval) if interval else ""


def _drift_table(what: str, drift: dict[str, Any]) -> Table:
    columns = sorted(drift["columns"].items(), key=lambda item: -item[1]["score"])
    rows = tuple(
        (name, f"{column['score']:.3f}", f"{column['threshold']:.3f}", "drifted" if column["drifted"] else "")
        for name, column in columns
    )
    says = (
        f"Population stability index: {len(drift['drifted'])} of {len(columns)} columns drifted, "
        f"{drift['current_rows']} recent {what} compared with {drift['reference_rows']} earlier ones. "
        f"{' '.join(windows_text(drift, what))}"
    ).strip()
    return Table(what.capitalize(), ("column", "index", "threshold", "verdict"), rows, "lrrl", says)


def _last(rows: pd.DataFrame) -> datetime | None:
    return datetime.fromtimestamp(float(rows[c.TIME].max()), UTC) if len(rows) else None


def _written(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None


def _ago(now: datetime, when: datetime) -> str:
    hours = (now - when).total_seconds() / SECONDS_AN_HOUR
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.0f} days"
