"""The item-to-item models on one set of histories, each fitted once for every value of its own parameters."""

from collections.abc import Mapping
from typing import Any, Final

from recommender.config import RecommenderConfig
from recommender.config.model import FamilySettings, RankerSettings
from recommender.models.candidate_models.item_to_item import ItemToItemModels
from recommender.models.candidate_models.sparse_matrices import Matrix, scaled_to_one
from recommender.models.histories import Histories
from recommender.models.model_data import ModelData

OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "followed_by": ("step_decay",),
    "preceded_by": ("step_decay",),
    "bought_together": (),
    "bought_close": ("close_days",),
    "bought_same_day": (),
    "bought_next_visit": (),
    "bm25": ("neighbours",),
    "als": ("neighbours",),
    "ease": ("ease_regularisation", "neighbours"),
    "content": ("neighbours",),
    "title": ("neighbours",),
}
"""By model, the parameters that its fit depends on; its weight is not among them."""


class FittedModels:
    """Fits a model when it is first needed."""

    def __init__(self, data: ModelData, config: RecommenderConfig, histories: Histories) -> None:
        self._data = data
        self._config = config
        self._histories = histories
        self._found: dict[tuple[Any, ...], Matrix] = {}

    @property
    def names(self) -> list[str]:
        """The models that this data allows, whatever their weight."""
        return [*self._families(self._config.model.families, [*OWN]).fitters(self._histories)]

    def scaled(self, settings: FamilySettings) -> dict[str, Matrix]:
        """Each model with a weight above 0, product × product, scaled to one as the blend takes it."""
        names = [name for name in OWN if getattr(settings, name) > 0]
        return {name: matrix for name in names if (matrix := self._one(name, settings)) is not None}

    def _one(self, name: str, settings: FamilySettings) -> Matrix | None:
        key = (name, *(getattr(settings, own) for own in OWN[name]))
        if key not in self._found:
            fits = self._families(settings, [name]).fitters(self._histories)
            if name not in fits:
                return None
            self._found[key] = scaled_to_one(fits[name]())
        return self._found[key]

    def _families(self, settings: FamilySettings, names: list[str]) -> ItemToItemModels:
        """These models alone."""
        weights = {name: float(name in names) for name in OWN}
        return ItemToItemModels(self._data, settings.model_copy(update=weights), self._config.seed)


def with_model_settings(config: RecommenderConfig, **groups: FamilySettings | RankerSettings) -> RecommenderConfig:
    """The configuration with other groups (``families``, ``ranker``) of the model's settings."""
    return config.model_copy(update={"model": config.model.model_copy(update=groups)})
