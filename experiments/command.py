"""Analyse the experiment that the log holds, or plan one."""

from typing import Final

import pandas as pd
from rich.console import Console

from experiments import power
from experiments.analysis import Analysis, analyse, goal_of, over_time
from experiments.report import HTML, write_report
from feedback.customer_facts import Declared
from feedback.database import database
from feedback.join import OWNER, join
from feedback.live_metrics import ratio
from feedback.log_reader import read_events, read_shown
from infrastructure.errors import DataError
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.evaluation.kpis import Kpi
from settings.config import Config
from settings.experiment import ExperimentSettings

LOOKS: Final = 30


def experiment(workspace: Workspace, config: Config, console: Console) -> None:
    """Analyse the experiment that the log holds, write the report and tell the verdict."""
    settings, tables = config.experiment, Tables.read(workspace.tables)
    joined = _joined(workspace, tables, config)
    history = before(tables, settings, config.serving.customer_salt)
    found = analyse(joined, settings, history)
    write_report(found, over_time(joined, settings, history, LOOKS), settings, workspace.reports)
    console.print(f"{found.verdict}: {found.why}\n{workspace.reports / HTML}", highlight=False, soft_wrap=True)


def analysed(workspace: Workspace, settings: ExperimentSettings, tables: Tables, config: Config) -> Analysis:
    """What the log says so far of an experiment of whatever settings."""
    history = before(tables, settings, config.serving.customer_salt)
    return analyse(_joined(workspace, tables, config), settings, history)


def plan(workspace: Workspace, config: Config, console: Console, rate: float | None, answers: float) -> None:
    """Tell how many customers the experiment needs.

    Args:
        workspace: Of the shop.
        config: Every parameter.
        console: Where it is told.
        rate: The goal's present value; None for what the log holds.
        answers: To each customer, with ``rate``.

    Raises:
        DataError: No rate is given, and the log holds none.
    """
    settings, goal = config.experiment, goal_of(config.experiment)
    if rate:
        spread, source = power.spread_of_share(rate, answers), f"a rate of {rate:g} is assumed"
    else:
        spread, source = _spread_in_log(goal, workspace, config)
    needed = power.needed(spread, settings)
    console.print(
        f"{goal.name}: a true gain of {settings.effect:.0%} is found with "
        f"a chance of {settings.power:.0%} or more\n"
        f"  customers in all          {needed.customers:,} (share of the challenger {settings.share:g}; {source})\n"
        f"  with one look at the end  {needed.with_one_look:,}, but then there must be no look before",
        highlight=False,
        soft_wrap=True,
    )


def before(tables: Tables, settings: ExperimentSettings, salt: str) -> dict[str, int]:
    """Purchases before the experiment, by the customer's pseudonym; none are known of one without a start."""
    if settings.start is None:
        return {}
    uses = interactions(tables)
    counts = uses.loc[uses[c.TIME] < pd.Timestamp(settings.start), c.CUSTOMER_ID].value_counts()
    return {customer_hash(str(customer), salt): int(count) for customer, count in counts.items()}


def _joined(workspace: Workspace, tables: Tables, config: Config) -> pd.DataFrame:
    declared = Declared.of(tables, config.serving.customer_salt)
    return join(read_shown(workspace), read_events(database(workspace)), config.monitoring.feedback, declared)


def _spread_in_log(goal: Kpi, workspace: Workspace, config: Config) -> tuple[float, str]:
    """How much customers differ in the goal, and where that is known from.

    Raises:
        DataError: The log holds no such rate.
    """
    joined = _joined(workspace, Tables.read(workspace.tables), config)
    found = ratio(joined, goal)
    if found.value <= 0:
        raise DataError(
            f"The log has no {goal.label.lower()} to plan with.",
            where=str(workspace.log),
            expected="traffic with events, or --rate (and --answers)",
        )
    return power.spread_of(found, joined[OWNER].nunique()), f"as in the log of {len(joined)} answers"
