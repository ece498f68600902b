"""What a re-ranker is worth: hidden purchases' places among candidates that are described once."""

import numpy as np
from numpy.typing import NDArray

from recommender.config import RecommenderConfig
from recommender.config.model import RankerSettings
from recommender.models.fitting import Fitter
from recommender.models.model_data import ModelData
from recommender.models.reranker.fitting import fit_ranker
from recommender.tuning.draws import Draw
from recommender.tuning.judge import Values
from recommender.tuning.space import LEVELS


class Reranking:
    """Learns re-rankers on one set of candidates and judges them on another."""

    def __init__(self, data: ModelData, config: RecommenderConfig, draw: Draw) -> None:
        """Describe the candidates: those to learn from, by level, and those of the hidden purchases.

        Args:
            data: The data set.
            config: The first stage to find candidates with, the seed and ``tuning``.
            draw: What may be fitted on, and what is hidden.
        """
        most = _with_levels(config, LEVELS)
        fitter = Fitter(data, most)
        customers, seed = config.tuning.customers, config.seed
        self._settings, self._seed = config.model.ranker, seed
        samples = [rows.sample(customers, seed) for rows in fitter.learning_rows(draw.histories)]
        self._learnt = [rows.parted(self._settings.unseen, seed) for rows in samples]
        self._judged = fitter.rows(fitter.level(draw.known, draw.known.is_last))
        self._missed = int((draw.hidden >= 0).sum()) - len(self._judged.groups)

    def blend(self) -> Values:
        """NDCG@10 of the first stage alone, float64[customers]; customers whose product was no candidate are last."""
        return self._values(self._judged.features["blend"])

    def ndcg(self, choice: RankerSettings) -> Values:
        """NDCG@10 of a re-ranker learnt with these settings, float64[customers], in the order of :meth:`blend`."""
        parts = self._learnt[: choice.levels]
        ranker = fit_ranker([seen for seen, _ in parts], [unseen for _, unseen in parts], choice, self._seed)
        return self._values(ranker.scores(self._judged.features))

    @property
    def learnable(self) -> bool:
        """Whether there is enough to learn from, and anything to judge by."""
        groups = sum(len(rows.groups) for parts in self._learnt for rows in parts)
        return groups >= self._settings.minimum_groups and len(self._judged.groups) > 0

    def _values(self, scores: NDArray[np.float32]) -> Values:
        found = self._judged.ndcg_by_customer(scores)
        return np.concatenate([found, np.zeros(self._missed)])


def _with_levels(config: RecommenderConfig, levels: int) -> RecommenderConfig:
    ranker = config.model.ranker.model_copy(update={"levels": levels})
    return config.model_copy(update={"model": config.model.model_copy(update={"ranker": ranker})})
