"""The search for the re-ranker's parameters on top of the chosen first stage, and whether it earns its place."""

from functools import partial

from infrastructure.progress import note
from recommender.config import RecommenderConfig
from recommender.config.model import RankerSettings
from recommender.evaluation.metrics import mean_interval
from recommender.models.model_data import ModelData
from recommender.tuning import space
from recommender.tuning.found import Found, Plan
from recommender.tuning.judge import Judge
from recommender.tuning.outcome import RankerFound
from recommender.tuning.reranking import Reranking
from recommender.tuning.search import search
from recommender.tuning.space import Choice


def search_ranker(data: ModelData, config: RecommenderConfig, judge: Judge, plan: Plan) -> RankerFound | None:
    """Search on the first stage of ``config``; None where re-ranking is off or cannot be learnt."""
    present = config.model.ranker
    if not (present.enabled and config.tuning.trials_ranker):
        return None
    reranking = Reranking(data, config, judge.draws[0])
    if not reranking.learnable:
        note("no re-ranker is tuned: too few hidden purchases among the candidates")
        return None
    starts = [space.ranker_parameters(present)]
    value = partial(_value, reranking, present)
    found = search(plan, "re-ranker", space.ranker, value, config.tuning.trials_ranker, starts)
    return _judged(found, reranking, config)


def _judged(found: Found, reranking: Reranking, config: RecommenderConfig) -> RankerFound:
    present = config.model.ranker
    best = _settings(present, found.best.choice)
    before, after, blend = reranking.ndcg(present), reranking.ndcg(best), reranking.blend()
    resamples, seed = config.evaluation.resamples, config.seed
    lead = mean_interval(after - before, resamples, seed)
    settings, chosen = (best, after) if lead.low > 0 else (present, before)
    gain = mean_interval(chosen - blend, resamples, seed)
    settings = settings.model_copy(update={"enabled": gain.low > 0})
    return RankerFound(found, settings, lead, gain, float(blend.mean()), float(chosen.mean()))


def _value(reranking: Reranking, present: RankerSettings, choice: Choice) -> float:
    return float(reranking.ndcg(_settings(present, choice)).mean())


def _settings(present: RankerSettings, choice: Choice) -> RankerSettings:
    return present.model_copy(update=dict(choice))
