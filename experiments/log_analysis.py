"""Analyses the experiment in a shop's log, or plans one from it."""

from typing import Final

import pandas as pd
from rich.console import Console

from experiments import power
from experiments.analysis import Analysis, analyse_experiment, effects_over_time, experiment_goal
from experiments.report import EXPERIMENT_PAGE, write_experiment_report
from feedback.customer_facts import CustomerFacts
from feedback.database import database
from feedback.join import OWNER, join_events
from feedback.live_metrics import kpi_ratio
from feedback.log_reader import read_all_impressions, read_events
from infrastructure.errors import DataError
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.impressions import VARIANT
from recommender.contract.query import CHALLENGER, customer_hash
from recommender.contract.tables import Tables
from recommender.data.interactions import interactions
from recommender.evaluation.kpis import Kpi
from recommender.reports.page import about_now
from settings.config import Config
from settings.experiment import ExperimentSettings

LOOKS: Final = 30


def report_experiment(workspace: Workspace, config: Config, console: Console) -> None:
    """Analyse the experiment in the log, write the report and print the verdict; or say that none runs."""
    settings, tables = config.experiment, Tables.read(workspace.tables)
    joined = _joined(workspace, tables, config)
    if workspace.challenger() is None and not (joined[VARIANT] == CHALLENGER).any():
        console.print(no_experiment(workspace, len(joined)), highlight=False, soft_wrap=True)
        return
    history = purchases_before(tables, settings, config.serving.customer_salt)
    analysis = analyse_experiment(joined, settings, history)
    about = about_now(workspace.root.name)
    days = effects_over_time(joined, settings, history, LOOKS)
    write_experiment_report(analysis, days, settings, workspace.reports, about)
    console.print(
        f"{analysis.verdict}: {analysis.why}\n{workspace.reports / EXPERIMENT_PAGE}", highlight=False, soft_wrap=True
    )


def no_experiment(workspace: Workspace, answers: int) -> str:
    """That no experiment runs, and how one is started."""
    kept = sorted(folder.name for folder in workspace.bundle("").glob("*") if not folder.name.endswith("-judged"))
    others = [version for version in kept if version != (workspace.champion() or {}).get("version")]
    version = others[-1] if others else "VERSION"
    return (
        f"No experiment runs: there is no challenger, and none of the {answers:,} answers in the log is from one.\n"
        f"To start one, write a pointer to a second model into {workspace.challenger_file}, for example\n"
        f'  {{"version": "{version}", "bundle": "bundles/{version}"}}\n'
        f"(kept here: {', '.join(others) or 'no other model yet; train one with other parameters'}).\n"
        "The endpoint loads it without a restart and answers a share of the customers with it (experiment.share; see "
        "docs/serving/two-models.md). How many customers that needs: beauty power."
    )


def current_analysis(workspace: Workspace, settings: ExperimentSettings, tables: Tables, config: Config) -> Analysis:
    """What the log shows so far about an experiment with these settings."""
    history = purchases_before(tables, settings, config.serving.customer_salt)
    return analyse_experiment(_joined(workspace, tables, config), settings, history)


def plan_experiment(
    workspace: Workspace, config: Config, console: Console, rate: float | None = None, answers: float = 1.0
) -> None:
    """Print how many customers the experiment needs, from the log or from an assumed rate of so many answers.

    Raises:
        DataError: No rate is given, and the log has none.
    """
    settings, goal = config.experiment, experiment_goal(config.experiment)
    if rate:
        variance, source = power.log_share_variance(rate, answers), f"a rate of {rate:g} is assumed"
    else:
        variance, source = _log_variance(goal, workspace, config)
    needed = power.required_sample_size(variance, settings)
    console.print(
        f"{goal.name}: a true gain of {settings.effect:.0%} is found with "
        f"a chance of {settings.power:.0%} or more\n"
        f"  customers in all          {needed.customers:,} (share of the challenger {settings.share:g}; {source})\n"
        f"  with one look at the end  {needed.with_one_look:,}, but then there must be no look before",
        highlight=False,
        soft_wrap=True,
    )


def purchases_before(tables: Tables, settings: ExperimentSettings, salt: str) -> dict[str, int]:
    """Purchases before the experiment, by the customer's pseudonym; empty without a start of the experiment."""
    if settings.start is None:
        return {}
    uses = interactions(tables)
    counts = uses.loc[uses[c.TIME] < pd.Timestamp(settings.start), c.CUSTOMER_ID].value_counts()
    return {customer_hash(str(customer), salt): int(count) for customer, count in counts.items()}


def _joined(workspace: Workspace, tables: Tables, config: Config) -> pd.DataFrame:
    facts = CustomerFacts.from_tables(tables, config.serving.customer_salt)
    return join_events(
        read_all_impressions(workspace), read_events(database(workspace)), config.monitoring.feedback, facts
    )


def _log_variance(goal: Kpi, workspace: Workspace, config: Config) -> tuple[float, str]:
    """One customer's share of the variance of the goal's logarithm in the log, and where it is from.

    Raises:
        DataError: The log has no case of the goal.
    """
    joined = _joined(workspace, Tables.read(workspace.tables), config)
    ratio = kpi_ratio(joined, goal)
    if ratio.value <= 0:
        raise DataError(
            f"The log has no {goal.label.lower()} to plan with.",
            where=str(workspace.log),
            expected="traffic with events, or --rate (and --answers, a customer's)",
        )
    return power.log_ratio_variance(ratio, joined[OWNER].nunique()), f"as in the log of {len(joined)} answers"
