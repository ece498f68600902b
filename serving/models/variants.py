"""Champion and challenger in one process, and which of them answers whom."""

from dataclasses import dataclass

from recommender.contract.query import CHALLENGER, variant_of
from serving.models.loaded_model import LoadedModel, ModelSlot
from settings.experiment import ExperimentSettings


@dataclass(frozen=True, slots=True)
class ActiveModels:
    """The models that answer one request, whatever is swapped meanwhile.

    Attributes:
        challenger: Takes its share of the customers; None answers nobody.
        shadow: A challenger that answers nobody and scores what the champion is asked.
    """

    champion: LoadedModel
    challenger: LoadedModel | None
    shadow: LoadedModel | None
    experiment: ExperimentSettings

    def for_customer(self, pseudonym: str) -> LoadedModel:
        """The model that answers this customer: the same as long as both are there."""
        if self.challenger is None:
            return self.champion
        assigned = variant_of(pseudonym, self.experiment.name, self.experiment.share)
        return self.challenger if assigned == CHALLENGER else self.champion


class VariantRouter:
    """Says which models are in service, and which answers whom.

    Args:
        champion: Answers everybody but the challenger's share.
        challenger: Is tried beside it, where there is one.
        experiment: Its name draws the customers who get the challenger, its share how many; unless the challenger
            brings an experiment of its own.
        shadow: Whether the challenger only scores the champion's requests and answers nobody.
    """

    def __init__(
        self,
        champion: ModelSlot,
        challenger: ModelSlot | None = None,
        experiment: ExperimentSettings | None = None,
        *,
        shadow: bool = False,
    ) -> None:
        self._champion = champion
        self._challenger = challenger
        self._experiment = experiment or ExperimentSettings()
        self._shadow = shadow

    def active_models(self) -> ActiveModels | None:
        """The models that answer now, None until the champion is loaded."""
        champion = self._champion.model
        if champion is None:
            return None
        challenger = self._challenger.model if self._challenger else None
        answering, shadow = (None, challenger) if self._shadow else (challenger, None)
        own = challenger.experiment if challenger else None
        return ActiveModels(champion, answering, shadow, own or self._experiment)
