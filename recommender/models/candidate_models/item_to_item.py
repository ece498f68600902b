"""The item-to-item models (the configuration's ``families``): which of them a data set allows, and how to fit each."""

from collections.abc import Callable, Mapping
from functools import cached_property

from infrastructure.progress import note, timed
from recommender.config.model import FamilySettings
from recommender.contract import columns as c
from recommender.models.candidate_models import content, transitions
from recommender.models.candidate_models.ease import ease
from recommender.models.candidate_models.implicit_models import als, bm25
from recommender.models.candidate_models.sparse_matrices import Matrix
from recommender.models.histories import Histories
from recommender.models.model_data import ModelData

BY_TIME = ("followed_by", "preceded_by", "bought_close", "bought_same_day", "bought_next_visit")
"""Models that need the order of purchases, which data without dates does not have."""


class ItemToItemModels:
    """Fits the models on any histories of one data set; those of its texts alone are fitted once."""

    def __init__(self, data: ModelData, settings: FamilySettings, seed: int) -> None:
        self._data = data
        self._settings = settings
        self._seed = seed

    def fitters(self, histories: Histories, every: bool = False) -> dict[str, Callable[[], Matrix]]:
        """The fitting function of each model with a weight above 0, or of ``every`` one that this data allows."""
        settings = self._settings
        together = histories.with_baskets(self._data.baskets)
        fitters: Mapping[str, Callable[[], Matrix]] = {
            "followed_by": lambda: transitions.followed_by(histories, settings.step_decay),
            "preceded_by": lambda: transitions.preceded_by(histories, settings.step_decay),
            "bought_together": lambda: transitions.bought_together(together),
            "bought_close": lambda: transitions.bought_close(together, settings.close_days),
            "bought_same_day": lambda: transitions.bought_same_day(together),
            "bought_next_visit": lambda: transitions.bought_next_visit(histories),
            "bm25": lambda: bm25(histories, settings.neighbours),
            "als": lambda: als(histories, settings.neighbours, self._seed),
            "ease": lambda: ease(histories, settings.ease_regularisation, settings.neighbours),
            "content": lambda: self._content,
            "title": lambda: self._title,
        }
        weights = settings.model_dump()
        return {name: fit for name, fit in fitters.items() if (every or weights[name] > 0) and self._is_possible(name)}

    def fit(self, histories: Histories) -> dict[str, Matrix]:
        """Each model with a weight above 0, fitted: product × product."""
        found: dict[str, Matrix] = {}
        for name, fit in self.fitters(histories).items():
            with timed(f"fitted {name}"):
                found[name] = fit()
        return found

    @property
    def decay(self) -> float:
        """Weight of a purchase against the next one in this data."""
        return decay(self._settings, self._data.histories)

    @cached_property
    def text_matrix(self) -> Matrix:
        """TF-IDF of all texts, product × word."""
        return content.text_matrix(self._data.texts)

    def _is_possible(self, name: str) -> bool:
        if name in BY_TIME and not self._data.histories.has_days:
            return False
        if name == "ease" and len(self._data.catalogue) > self._settings.ease_most_products:
            note("EASE left out: the catalogue is too large for it", products=len(self._data.catalogue))
            return False
        return True

    @cached_property
    def _content(self) -> Matrix:
        return content.cosine_neighbours(self.text_matrix, self._settings.neighbours)

    @cached_property
    def _title(self) -> Matrix:
        names = content.text_matrix({c.NAME: self._data.texts[c.NAME]})
        return content.cosine_neighbours(names, self._settings.neighbours)


def decay(settings: FamilySettings, histories: Histories) -> float:
    """Weight of a purchase against the next one: without dates their order is not known."""
    return settings.decay if histories.has_days else 1.0
