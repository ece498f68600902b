"""The model that answers, and how another takes its place: completely or not at all."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infrastructure.errors import BundleError
from recommender.contract.query import CHAMPION, Profile, Query, Variant
from serving.models.recommendation_cache import RecommendationCache
from serving.observability import metrics
from settings.experiment import ExperimentSettings

if TYPE_CHECKING:
    from recommender.engine.engine import Engine

logger = logging.getLogger(__name__)

_SELF_TEST: Final = (Query("self-test", k=1), Query("self-test", k=1, profile=Profile(age=30, skin_type="dry")))


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in service; a request takes one and keeps it to its end, whatever is swapped meanwhile.

    Attributes:
        cache: Its recommendations, some of them cached.
        experiment: Who gets it, where its pointer says so; else the process's own settings do.
    """

    engine: "Engine"
    cache: RecommendationCache
    variant: Variant = CHAMPION
    experiment: ExperimentSettings | None = None


class ModelSlot:
    """Holds the model of one variant."""

    def __init__(self, variant: Variant = CHAMPION, cache_size: int = 0) -> None:
        self.variant: Final = variant
        self._cache_size = cache_size
        self._model: LoadedModel | None = None

    @property
    def model(self) -> LoadedModel | None:
        """The model that answers now, None until the first is loaded."""
        return self._model

    def load(self, bundle: Path, experiment: ExperimentSettings | None = None) -> None:
        """Read the bundle beside the model in service, test it, then swap.

        Raises:
            BundleError: The bundle is incomplete or does not answer; the old model stays.
        """
        # Here and not above: BentoML's supervisor and its build import the service too, and never load a model.
        from recommender.engine.engine import Engine

        engine = Engine.load(bundle)
        _self_test(engine, bundle)
        self._model = LoadedModel(engine, RecommendationCache(engine, self._cache_size), self.variant, experiment)
        metrics.LOADED.labels(self.variant).set(1)
        metrics.LOADED_AT.labels(self.variant).set_to_current_time()
        logger.info("the %s is model %s", self.variant, engine.version)

    def set_experiment(self, experiment: ExperimentSettings | None) -> None:
        """Let the model in service answer whom ``experiment`` draws."""
        if self._model is not None:
            self._model = replace(self._model, experiment=experiment)

    def clear(self) -> None:
        """Take the model out of service; requests under way end on the model they have."""
        self._model = None
        metrics.LOADED.labels(self.variant).set(0)


def _self_test(engine: "Engine", bundle: Path) -> None:
    """Ask the engine for customers it cannot know.

    Raises:
        BundleError: It does not answer.
    """
    recommendations = engine.recommend(_SELF_TEST)
    if not all(recommendation.items for recommendation in recommendations):
        raise BundleError("The model recommends nothing to a customer it does not know.", where=str(bundle))
