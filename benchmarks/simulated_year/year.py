"""A year under one retraining policy: recommendations, customers' responses, and retrainings."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.simulated_year.known_customers import KnownCustomers
from benchmarks.simulated_year.pipeline import SimulatedPipeline
from benchmarks.simulated_year.plan import YearPlan
from benchmarks.simulated_year.policies import POLICIES, PolicyName, RetrainingRecord
from benchmarks.simulated_year.simulated_shop import SimulatedShop
from benchmarks.simulated_year.visits import SimulatedVisits
from infrastructure.errors import RecommenderError
from infrastructure.files import read_json_if_present, write_json
from infrastructure.workspace import Workspace
from recommender.contract.tables import Tables
from settings.config import Config

_PROGRESS: Final = "lived.json"


@dataclass(frozen=True, slots=True)
class Week:
    """The result of a week.

    Attributes:
        quality: Expected purchases of a visit's recommendations, which only the simulation knows: the same visits
            under every policy, and without the noise of drawn responses.
        retrained: The retraining after the week, or None.
    """

    quality: float
    retrained: RetrainingRecord | None


@dataclass(frozen=True, slots=True)
class Year:
    """The results of all weeks under one policy, and the planted rows that any champion was trained on."""

    policy: PolicyName
    weeks: tuple[Week, ...]
    bad_rows: int


def simulate_policy(policy: PolicyName, plan: YearPlan, config: Config, folder: Path) -> Year:
    """Simulate the year in a workspace of its own, which is emptied first.

    Raises:
        RecommenderError: The first training leads to no champion.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shop, workspace = SimulatedShop(plan), Workspace(folder)
    pipeline = SimulatedPipeline(shop, workspace, config)
    outcome, details = pipeline.run(-1)
    if outcome != "promoted":
        raise RecommenderError(f"The first training was {outcome}: {details}", where=str(folder))
    customers = KnownCustomers.from_tables(Tables.read(workspace.tables), config.seed)
    visits = SimulatedVisits(shop, workspace, config.serving.customer_salt)
    decide = POLICIES[policy]
    weeks: list[Week] = []
    for week in range(plan.weeks):
        weeks.append(Week(visits.simulate_week(week, customers), decide(pipeline, week)))
        write_json(folder / _PROGRESS, len(weeks))
    return Year(policy, tuple(weeks), pipeline.bad_rows)


def weeks_done(folder: Path) -> int:
    """How many weeks of the year that is simulated in ``folder`` are over."""
    return read_json_if_present(folder / _PROGRESS) or 0
