"""What is chosen on histories that may be learnt from: families alone, blends of them, the verdict, the re-ranker."""

from pathlib import Path

from infrastructure.errors import DataError
from infrastructure.git import commit
from infrastructure.progress import note
from recommender.config import RecommenderConfig
from recommender.models.histories import Histories
from recommender.models.model_data import ModelData
from recommender.tuning.fitted import with_families
from recommender.tuning.judge import Judge
from recommender.tuning.outcome import Tuning
from recommender.tuning.ranker_search import search_ranker
from recommender.tuning.shards import Searches, Shard, plan_of, searched, settings_of
from recommender.tuning.verdict import BLEND, DEFAULTS, Verdict, contender, decide


def tuning_on(name: str, data: ModelData, config: RecommenderConfig, histories: Histories, folder: Path) -> Tuning:
    """Search and conclude.

    Args:
        name: Of the data set.
        data: The data set; the searches learn from and are judged on ``histories`` alone.
        config: What to begin with, and how to search (``tuning``).
        histories: What may be learnt from, in the order of ``data.customer_ids``.
        folder: Keeps the trials.

    Raises:
        DataError: Nobody has two products in ``histories``.
    """
    judge = judge_on(data, config, histories)
    searches = searched(judge, plan_of(data, config, storage(folder, Shard()), Shard()), Shard())
    return concluded(name, data, judge, searches, folder)


def judge_on(data: ModelData, config: RecommenderConfig, histories: Histories) -> Judge:
    """Who judges trials on ``histories``, held-out purchases not included.

    Raises:
        DataError: Nobody has two products in them.
    """
    judge = Judge(data, config, histories)
    if not len(judge.customers):
        raise DataError(
            "There is nothing to tune on.",
            field="customers with three products",
            value=0,
            expected="one purchase to learn from, one to judge a trial by, one held out",
        )
    return judge


def concluded(name: str, data: ModelData, judge: Judge, searches: Searches, folder: Path) -> Tuning:
    """From the searches to what holds: the verdict, and the re-ranker on top of it."""
    config = judge.config
    verdict = _verdict(judge, searches)
    note(f"chosen: {verdict.chosen.name}; {verdict.reason}", ndcg=round(float(verdict.chosen.ndcg.mean()), 5))
    chosen = with_families(config, verdict.chosen.families)
    return Tuning(
        name=name,
        commit=commit(),
        config=config,
        customers=len(judge.customers),
        dated=judge.dated,
        searches=searches,
        verdict=verdict,
        ranker=search_ranker(data, chosen, judge, plan_of(data, chosen, storage(folder, Shard()), Shard())),
    )


def storage(folder: Path, shard: Shard) -> Path:
    """The file that keeps a shard's trials."""
    return folder / f"trials-{shard.number}-of-{shard.of}.db"


def _verdict(judge: Judge, searches: Searches) -> Verdict:
    present, family = judge.config.model.families, searches.strongest
    return decide(
        contender(DEFAULTS, present, judge),
        contender(family, settings_of(present, searches.alone[family].best.choice), judge),
        contender(BLEND, settings_of(present, searches.blend.best.choice), judge),
        judge.config,
    )
