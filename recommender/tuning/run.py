"""From a source to tuned parameters: families alone, blends of them, the verdict, the re-ranker."""

from pathlib import Path
from typing import Final

from recommender.commit import commit
from recommender.config import Config
from recommender.data.ingest import ingest
from recommender.data.prepare import prepare
from recommender.data.tables import Tables
from recommender.errors import DataError
from recommender.files import write_whole
from recommender.models.data import ModelData, model_data
from recommender.progress import note
from recommender.tuning.fitted import with_families
from recommender.tuning.judge import Judge
from recommender.tuning.outcome import Tuning
from recommender.tuning.ranker_search import search_ranker
from recommender.tuning.report import page
from recommender.tuning.shards import Searches, Shard, plan_of, searched, settings_of
from recommender.tuning.values import tuned_yaml
from recommender.tuning.verdict import BLEND, DEFAULTS, Verdict, contender, decide
from recommender.workspace import Workspace

TUNED: Final = "tuned.yaml"
REPORT: Final = "report.md"


def tune(source: Path, config: Config) -> Path:
    """Search for the parameters of a data set; write ``tuned.yaml`` and ``report.md`` to ``var/<data set>/tuning``.

    Nothing is judged on the purchases that the project's own tests hold out: these are hidden from every trial.

    Args:
        source: The data set's YAML file.
        config: What to begin with, and how to search (``tuning``).

    Returns:
        The path of ``tuned.yaml``: a configuration file of what was chosen.

    Raises:
        DataError: The data cannot be used, or too few customers have three products.
    """
    raw = ingest(source)
    tables = prepare(raw, config).tables
    folder = Workspace.named(raw.name).tuning
    return conclude(raw.name, tables, config, [search_shard(tables, config, Shard(), folder)], folder)


def search_shard(tables: Tables, config: Config, shard: Shard, folder: Path) -> Searches:
    """One shard of the searches; its trials are kept in ``folder``.

    Raises:
        DataError: Too few customers have three products.
    """
    data = model_data(tables, config.seed)
    return searched(_judge(data, config), plan_of(data, config, _storage(folder, shard), shard), shard)


def conclude(name: str, tables: Tables, config: Config, shards: list[Searches], folder: Path) -> Path:
    """From all shards to what holds: the verdict, the re-ranker on top of it, the two files in ``folder``.

    Raises:
        DataError: Too few customers have three products.
    """
    data = model_data(tables, config.seed)
    judge, searches = _judge(data, config), Searches.merged(shards)
    verdict = _verdict(judge, searches)
    note(f"chosen: {verdict.chosen.name}; {verdict.reason}", ndcg=round(float(verdict.chosen.ndcg.mean()), 5))
    plan = plan_of(data, with_families(config, verdict.chosen.families), _storage(folder, Shard()), Shard())
    tuning = Tuning(
        name=name,
        commit=commit(),
        config=config,
        customers=len(judge.customers),
        dated=judge.dated,
        searches=searches,
        verdict=verdict,
        ranker=search_ranker(data, with_families(config, verdict.chosen.families), judge, plan),
    )
    return _written(tuning, folder)


def _written(tuning: Tuning, folder: Path) -> Path:
    write_whole(folder / TUNED, tuned_yaml(tuning).encode())
    write_whole(folder / REPORT, f"{page(tuning)}\n".encode())
    note(f"wrote {folder / TUNED}, {REPORT}")
    return folder / TUNED


def _judge(data: ModelData, config: Config) -> Judge:
    judge = Judge(data, config)
    if not len(judge.customers):
        raise DataError(
            "There is nothing to tune on.",
            field="customers with three products",
            value=0,
            expected="one purchase to learn from, one to judge a trial by, one held out",
        )
    return judge


def _verdict(judge: Judge, searches: Searches) -> Verdict:
    present, family = judge.config.model.families, searches.strongest
    return decide(
        contender(DEFAULTS, present, judge),
        contender(family, settings_of(present, searches.alone[family].best.choice), judge),
        contender(BLEND, settings_of(present, searches.blend.best.choice), judge),
        judge.config,
    )


def _storage(folder: Path, shard: Shard) -> Path:
    return folder / f"trials-{shard.number}-of-{shard.of}.db"
