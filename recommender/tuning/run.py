"""From a source to tuned parameters: families alone, blends of them, the verdict, the re-ranker."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from recommender.commit import commit
from recommender.config import Config
from recommender.config.model import FamilySettings
from recommender.data.ingest import ingest
from recommender.data.prepare import prepare
from recommender.errors import DataError
from recommender.files import write_whole
from recommender.models.data import ModelData, model_data
from recommender.progress import note
from recommender.tuning import space
from recommender.tuning.fitted import with_families
from recommender.tuning.judge import Judge
from recommender.tuning.outcome import Found, Plan, Tuning
from recommender.tuning.ranker_search import search_ranker
from recommender.tuning.report import page
from recommender.tuning.search import search
from recommender.tuning.space import Choice
from recommender.tuning.values import tuned_yaml
from recommender.tuning.verdict import BLEND, DEFAULTS, Verdict, contender, decide
from recommender.workspace import Workspace

TUNED: Final = "tuned.yaml"
REPORT: Final = "report.md"


def tune(source: Path, config: Config, folder: Path | None = None) -> Path:
    """Search for the parameters of a data set; write ``tuned.yaml`` and ``report.md``.

    Nothing is judged on the purchases that the project's own tests hold out: these are hidden from every trial.

    Args:
        source: The data set's YAML file.
        config: What to begin with, and how to search (``tuning``).
        folder: Where to write and where the trials are kept; without it ``var/<data set>/tuning``.

    Returns:
        The path of ``tuned.yaml``: a configuration file of what was chosen.

    Raises:
        DataError: The data cannot be used, or too few customers have three products.
    """
    raw = ingest(source)
    data = model_data(prepare(raw, config.cleaning).tables, config.seed)
    folder = folder or Workspace.named(raw.name).tuning
    tuning = found(raw.name, data, config, folder)
    write_whole(folder / TUNED, tuned_yaml(tuning).encode())
    write_whole(folder / REPORT, f"{page(tuning)}\n".encode())
    note(f"wrote {folder / TUNED}, {REPORT}")
    return folder / TUNED


def found(name: str, data: ModelData, config: Config, folder: Path) -> Tuning:
    """Search, and judge what was found.

    Raises:
        DataError: Too few customers have a purchase to spare below the held-out one.
    """
    judge = Judge(data, config)
    if not len(judge.customers):
        raise DataError(
            "There is nothing to tune on.",
            field="customers with three products",
            value=0,
            expected="one purchase to learn from, one to judge a trial by, one held out",
        )
    plan = Plan(folder / "trials.db", _fingerprint(data, config), config.seed, config.tuning.startup)
    alone = {family: _alone(family, judge, plan) for family in judge.names}
    blend = _blend(judge, plan, alone)
    verdict = _verdict(judge, alone, blend)
    note(f"chosen: {verdict.chosen.name}, {verdict.reason}", ndcg=round(float(verdict.chosen.ndcg.mean()), 5))
    tuned = with_families(config, verdict.chosen.families)
    return Tuning(
        name=name,
        commit=commit(),
        config=config,
        customers=len(judge.customers),
        dated=judge.dated,
        alone=alone,
        blend=blend,
        verdict=verdict,
        ranker=search_ranker(data, tuned, judge, plan),
    )


def _alone(family: str, judge: Judge, plan: Plan) -> Found:
    choose = partial(space.alone, name=family, dated=judge.dated)
    return search(plan, f"{family} alone", choose, partial(_value, judge), judge.config.tuning.trials_alone)


def _blend(judge: Judge, plan: Plan, alone: dict[str, Found]) -> Found:
    """Blends, from the present one and the best single family on."""
    names, dated, present = judge.names, judge.dated, judge.config.model.families
    best = _settings(present, alone[_strongest(alone)].best.choice)
    starts = [space.blend_parameters(families, names, dated) for families in (present, best)]
    choose = partial(space.blend, names=names, dated=dated)
    return search(plan, "blend", choose, partial(_value, judge), judge.config.tuning.trials, starts)


def _verdict(judge: Judge, alone: dict[str, Found], blend: Found) -> Verdict:
    present = judge.config.model.families
    family = _strongest(alone)
    return decide(
        contender(DEFAULTS, present, judge),
        contender(family, _settings(present, alone[family].best.choice), judge),
        contender(BLEND, _settings(present, blend.best.choice), judge),
        judge.config,
    )


def _strongest(alone: dict[str, Found]) -> str:
    return max(alone, key=lambda name: alone[name].best.value)


def _value(judge: Judge, choice: Choice) -> float:
    """Mean NDCG@k on the sampled customers."""
    ndcg, _ = judge.values(_settings(judge.config.model.families, choice), judge.sample)
    return float(ndcg.mean())


def _settings(present: FamilySettings, choice: Choice) -> FamilySettings:
    return present.model_copy(update=dict(choice))


def _fingerprint(data: ModelData, config: Config) -> str:
    """Changes with the data and with every setting that a trial's value depends on, but not with how many there are."""
    digest = hashlib.sha256()
    for part in (data.histories.starts, data.histories.products, data.histories.days):
        digest.update(np.ascontiguousarray(part).tobytes())
    tuning = config.tuning.model_copy(update={"trials": 1, "trials_alone": 1, "trials_ranker": 1})
    digest.update(config.model_copy(update={"tuning": tuning}).to_json().encode())
    return digest.hexdigest()[:16]
