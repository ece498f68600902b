"""The search for the re-ranker's parameters on top of the chosen candidate generator, and whether re-ranking helps."""

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import note
from recommender.config import RecommenderConfig
from recommender.config.model import RankerSettings
from recommender.evaluation.metrics import CustomerValues, mean_interval
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import ModelData
from recommender.models.reranker.fitting import fit_ranker
from recommender.tuning import space
from recommender.tuning.blend_evaluation import BlendEvaluator, HiddenPurchaseDraw
from recommender.tuning.fitted_models import with_model_settings
from recommender.tuning.results import RankerSearchResult, SearchPlan, SearchResult
from recommender.tuning.search import search
from recommender.tuning.space import LEVELS, Choice


class RankerEvaluator:
    """Fits re-rankers on one set of candidates and evaluates them on another, each described once."""

    def __init__(self, data: ModelData, config: RecommenderConfig, draw: HiddenPurchaseDraw) -> None:
        """Describe the candidates: those to learn from, by level, and those of the hidden purchases."""
        most = with_model_settings(config, ranker=config.model.ranker.model_copy(update={"levels": LEVELS}))
        fitter = HybridFitter(data, most)
        customers, seed = config.tuning.customers, config.seed
        self._settings, self._seed = config.model.ranker, seed
        samples = [rows.sample(customers, seed) for rows in fitter.learning_rows(draw.histories)]
        self._learnt = [rows.split_off(self._settings.unseen, seed) for rows in samples]
        self._evaluation_rows = fitter.ranking_rows(fitter.fit_level(draw.known, draw.known.is_last))
        self._missed = int((draw.hidden >= 0).sum()) - len(self._evaluation_rows.groups)

    def blend(self) -> CustomerValues:
        """NDCG@10 of the candidate generator alone, float64[customers]; those without their product last."""
        return self._values(self._evaluation_rows.features["blend"])

    def ndcg(self, choice: RankerSettings) -> CustomerValues:
        """NDCG@10 of a re-ranker learnt with these settings, float64[customers], in the order of :meth:`blend`."""
        parts = self._learnt[: choice.levels]
        ranker = fit_ranker([seen for seen, _ in parts], [unseen for _, unseen in parts], choice, self._seed)
        return self._values(ranker.scores(self._evaluation_rows.features))

    @property
    def learnable(self) -> bool:
        """Whether there is enough to learn from, and anything to evaluate on."""
        groups = sum(len(rows.groups) for parts in self._learnt for rows in parts)
        return groups >= self._settings.minimum_groups and len(self._evaluation_rows.groups) > 0

    def _values(self, scores: NDArray[np.float32]) -> CustomerValues:
        found = self._evaluation_rows.ndcg_by_customer(scores)
        return np.concatenate([found, np.zeros(self._missed)])


def search_ranker(
    data: ModelData, config: RecommenderConfig, evaluator: BlendEvaluator, plan: SearchPlan
) -> RankerSearchResult | None:
    """Search with the candidate generator of ``config``; None where re-ranking is off or cannot be learnt."""
    present = config.model.ranker
    if not (present.enabled and config.tuning.trials_ranker):
        return None
    rankers = RankerEvaluator(data, config, evaluator.draws[0])
    if not rankers.learnable:
        note("no re-ranker is tuned: too few hidden purchases among the candidates")
        return None
    starts = [space.ranker_parameters(present)]

    def value(choice: Choice) -> float:
        return float(rankers.ndcg(present.model_copy(update=choice)).mean())

    found = search(plan, "re-ranker", space.suggest_ranker, value, config.tuning.trials_ranker, starts)
    return _conclude(found, rankers, config)


def _conclude(found: SearchResult, evaluator: RankerEvaluator, config: RecommenderConfig) -> RankerSearchResult:
    present = config.model.ranker
    best = present.model_copy(update=found.best.choice)
    before, after, blend = evaluator.ndcg(present), evaluator.ndcg(best), evaluator.blend()
    resamples, seed = config.evaluation.resamples, config.seed
    lead = mean_interval(after - before, resamples, seed)
    settings, chosen = (best, after) if lead.low > 0 else (present, before)
    gain = mean_interval(chosen - blend, resamples, seed)
    settings = settings.model_copy(update={"enabled": gain.low > 0})
    return RankerSearchResult(found, settings, lead, gain, float(blend.mean()), float(chosen.mean()))
