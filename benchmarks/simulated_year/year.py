"""A year under one way to decide: recommendations, what customers do about them, and retrainings."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.simulated_year.pipeline import Pipeline
from benchmarks.simulated_year.plan import Plan
from benchmarks.simulated_year.policies import POLICIES, Name, Retrained
from benchmarks.simulated_year.shoppers import Shoppers
from benchmarks.simulated_year.visits import Visits
from benchmarks.simulated_year.world import World
from infrastructure.errors import RecommenderError
from infrastructure.files import read_json_if_present, write_json
from infrastructure.workspace import Workspace
from recommender.contract.tables import Tables
from settings.config import Config

_LIVED: Final = "lived.json"


@dataclass(frozen=True, slots=True)
class Week:
    """What came of a week.

    Attributes:
        quality: Purchases to be expected of a visit's recommendations, as only the simulation can tell: the same
            visits under every way to decide, and none of the noise of what is drawn.
        retrained: After it, or None.
    """

    quality: float
    retrained: Retrained | None


@dataclass(frozen=True, slots=True)
class Year:
    """What came of all weeks under one way to decide.

    Attributes:
        bad_rows: Planted rows that any champion has learnt from.
    """

    policy: Name
    weeks: tuple[Week, ...]
    bad_rows: int


def play(policy: Name, plan: Plan, config: Config, folder: Path) -> Year:
    """Live through the year in a workspace of its own, which is emptied first.

    Raises:
        RecommenderError: The first training leads to no champion.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world, workspace = World(plan), Workspace(folder)
    pipeline = Pipeline(world, workspace, config)
    outcome, details = pipeline.run(-1)
    if outcome != "promoted":
        raise RecommenderError(f"The first training was {outcome}: {details}", where=str(folder))
    shoppers = Shoppers.of(Tables.read(workspace.tables), config.seed)
    visits = Visits(world, workspace, config.serving.customer_salt)
    decide = POLICIES[policy]
    weeks: list[Week] = []
    for week in range(plan.weeks):
        weeks.append(Week(visits.live_through(week, shoppers), decide(pipeline, week)))
        write_json(folder / _LIVED, len(weeks))
    return Year(policy, tuple(weeks), pipeline.bad_rows)


def lived(folder: Path) -> int:
    """How many weeks of a year that is being played in ``folder`` are over."""
    return read_json_if_present(folder / _LIVED) or 0
