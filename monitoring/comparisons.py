"""What a round of monitoring compares: recent purchases, requests and recommendations with those that were usual."""

import pandas as pd

from feedback.customer_facts import Declared
from feedback.log_reader import as_table
from infrastructure.workspace import COMPARED, PURCHASES, RECOMMENDATIONS, REQUESTS, Workspace
from monitoring.answers import recommended, requests
from monitoring.drift import Drift, compare
from monitoring.reference import frame, read_reference
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from settings.config import Config
from settings.monitoring import DriftSettings

Sides = tuple[pd.DataFrame, pd.DataFrame]


def compared(
    workspace: Workspace,
    tables: Tables,
    events: pd.DataFrame,
    answers: pd.DataFrame,
    declared: Declared,
    config: Config,
    since: float,
) -> dict[str, Drift]:
    """Every comparison that there are rows enough for, by its name; each leaves its report in the workspace.

    Args:
        workspace: Of the shop.
        tables: The cleaned tables.
        events: Those that no retraining has known yet.
        answers: Rows of the join: the champion's answers, of which the earliest were its first.
        declared: What is known of customers.
        config: Thresholds.
        since: From when on answers are recent, in seconds since 1970.
    """
    settings = config.monitoring.drift
    found = {
        PURCHASES: _purchases(workspace, tables, events, settings),
        **_answered(answers, tables, declared, settings, since),
    }
    return {
        name: compare(*sides, of_each(settings), config.seed, workspace.drift_of(name))
        for name, sides in found.items()
        if sides is not None
    }


def of_each(settings: DriftSettings) -> DriftSettings:
    """The settings of one comparison: the false alarms are those of all columns of all of them (Bonferroni)."""
    return settings.model_copy(update={"false_alarms": settings.false_alarms / len(COMPARED)})


def _purchases(workspace: Workspace, tables: Tables, events: pd.DataFrame, settings: DriftSettings) -> Sides | None:
    """Recent purchases beside those the champion was trained on; None where there are too few of either."""
    reference = read_reference(workspace.reference)
    if reference is None or reference.empty:
        return None
    current = frame(Tables(products=tables.products, customers=tables.customers, events=as_table(events)))
    return (reference, current.tail(settings.window)) if len(current) >= settings.minimum_rows else None


def _answered(
    answers: pd.DataFrame, tables: Tables, declared: Declared, settings: DriftSettings, since: float
) -> dict[str, Sides | None]:
    """The champion's latest answers beside its first ones; nothing where there are too few of either.

    What the model would recommend to the customers it was trained on is no reference for what it does recommend: who
    comes often, what they have bought since and what they ask for make the two differ on the quietest day.
    """
    answers = answers.sort_values(c.TIME, kind="stable")
    first, latest = answers.iloc[: settings.first_answers], answers.iloc[settings.first_answers :]
    latest = latest[latest[c.TIME] > since].tail(settings.window)
    if len(latest) < settings.minimum_rows:
        return {}
    asked = requests(first, declared), requests(latest, declared)
    enough = all(len(side) >= settings.minimum_rows for side in asked)
    return {REQUESTS: asked if enough else None, RECOMMENDATIONS: recommended(first, latest, tables)}
