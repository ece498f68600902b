"""The comparisons of a monitoring round: recent purchases, requests and recommendations with earlier ones."""

import pandas as pd

from feedback.customer_facts import CustomerFacts
from feedback.training_export import contract_events
from infrastructure.workspace import COMPARED, PURCHASES, RECOMMENDATIONS, REQUESTS, Workspace
from monitoring.answer_frames import recommendation_frames, request_frame
from monitoring.drift import Drift, measure_drift, write_drift_report
from monitoring.reference import latest_purchases, period_text, read_period, read_reference
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.reports.page import about_now
from settings.config import Config
from settings.monitoring import DriftSettings

Compared = tuple[pd.DataFrame, pd.DataFrame, tuple[str, str]]
"""Reference and recent rows, and what both are in words."""


def compare_traffic(
    workspace: Workspace,
    tables: Tables,
    events: pd.DataFrame,
    answers: pd.DataFrame,
    facts: CustomerFacts,
    config: Config,
    since: float,
) -> dict[str, Drift]:
    """Every comparison with enough rows, by its name; each writes its report into the workspace.

    ``events`` are those that no retraining has used yet, ``answers`` all of the champion in the join; answers after
    ``since`` (seconds since 1970) are recent.
    """
    settings = config.monitoring.drift
    comparisons = {
        PURCHASES: _purchases(workspace, tables, events, settings),
        **_answers(answers, tables, facts, settings, since),
    }
    about = about_now(workspace.root.name)
    found: dict[str, Drift] = {}
    for name, compared in comparisons.items():
        if compared is not None:
            reference, current, windows = compared
            found[name] = measure_drift(reference, current, settings_per_comparison(settings), config.seed, windows)
            write_drift_report(found[name], workspace.drift_of(name), name, about)
    return found


def settings_per_comparison(settings: DriftSettings) -> DriftSettings:
    """The settings of one comparison: the rate of false alarms is shared by all comparisons (Bonferroni)."""
    return settings.model_copy(update={"false_alarms": settings.false_alarms / len(COMPARED)})


def _purchases(workspace: Workspace, tables: Tables, events: pd.DataFrame, settings: DriftSettings) -> Compared | None:
    """Recent purchases beside those the champion was trained on; None where there are too few of either."""
    reference = read_reference(workspace.reference)
    if reference is None or reference.empty:
        return None
    recent = Tables(products=tables.products, customers=tables.customers, events=contract_events(events))
    current, period = latest_purchases(recent, settings.window)
    windows = (
        f"the latest purchases that the champion was trained on{read_period(workspace.reference)}",
        f"the latest purchases since the last training{period}",
    )
    return (reference, current, windows) if len(current) >= settings.minimum_rows else None


def _answers(
    answers: pd.DataFrame, tables: Tables, facts: CustomerFacts, settings: DriftSettings, since: float
) -> dict[str, Compared | None]:
    """The champion's latest answers beside its first ones; nothing where there are too few of either.

    What the model would recommend to its training customers is no reference for what it does recommend: which
    customers come often, what they bought since and what they request make the two differ without any drift.
    """
    answers = answers.sort_values(c.TIME, kind="stable")
    first, latest = answers.iloc[: settings.first_answers], answers.iloc[settings.first_answers :]
    latest = latest[latest[c.TIME] > since].tail(settings.window)
    if len(latest) < settings.minimum_rows:
        return {}
    requests = request_frame(first, facts), request_frame(latest, facts)
    enough = all(len(side) >= settings.minimum_rows for side in requests)
    windows = (
        f"the champion's first answers{_answer_period(first)}",
        f"its latest answers{_answer_period(latest)}",
    )
    return {
        REQUESTS: (*requests, windows) if enough else None,
        RECOMMENDATIONS: (*recommendation_frames(first, latest, tables), windows),
    }


def _answer_period(answers: pd.DataFrame) -> str:
    return period_text(pd.to_datetime(answers[c.TIME], unit="s", utc=True))
