"""The comparisons of a monitoring round: recent purchases, requests and recommendations with earlier ones."""

import pandas as pd

from feedback.customer_facts import CustomerFacts
from feedback.training_export import contract_events
from infrastructure.workspace import COMPARED, PURCHASES, RECOMMENDATIONS, REQUESTS, Workspace
from monitoring.answer_frames import recommendation_frames, request_frame
from monitoring.drift import Drift, measure_drift
from monitoring.reference import purchase_frame, read_reference
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from settings.config import Config
from settings.monitoring import DriftSettings

Frames = tuple[pd.DataFrame, pd.DataFrame]


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
    return {
        name: measure_drift(*frames, settings_per_comparison(settings), config.seed, workspace.drift_of(name))
        for name, frames in comparisons.items()
        if frames is not None
    }


def settings_per_comparison(settings: DriftSettings) -> DriftSettings:
    """The settings of one comparison: the rate of false alarms is shared by all comparisons (Bonferroni)."""
    return settings.model_copy(update={"false_alarms": settings.false_alarms / len(COMPARED)})


def _purchases(workspace: Workspace, tables: Tables, events: pd.DataFrame, settings: DriftSettings) -> Frames | None:
    """Recent purchases beside those the champion was trained on; None where there are too few of either."""
    reference = read_reference(workspace.reference)
    if reference is None or reference.empty:
        return None
    current = purchase_frame(
        Tables(products=tables.products, customers=tables.customers, events=contract_events(events))
    )
    return (reference, current.tail(settings.window)) if len(current) >= settings.minimum_rows else None


def _answers(
    answers: pd.DataFrame, tables: Tables, facts: CustomerFacts, settings: DriftSettings, since: float
) -> dict[str, Frames | None]:
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
    return {REQUESTS: requests if enough else None, RECOMMENDATIONS: recommendation_frames(first, latest, tables)}
