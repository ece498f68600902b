"""Champion and challenger in one process, and which of them answers whom."""

from dataclasses import dataclass

from recommender.engine.variant_assignment import CHALLENGER, variant_of
from serving.models.loaded_model import ModelHolder, Served
from settings.experiment import ExperimentSettings


@dataclass(frozen=True, slots=True)
class Pair:
    """The models that answer one request, whatever is swapped meanwhile.

    Attributes:
        challenger: Takes its share of the customers; None answers nobody.
        watching: A challenger that answers nobody and scores what the champion is asked.
    """

    champion: Served
    challenger: Served | None
    watching: Served | None
    experiment: ExperimentSettings

    def of(self, pseudonym: str) -> Served:
        """The model that answers this customer: the same as long as both are there."""
        if self.challenger is None:
            return self.champion
        drawn = variant_of(pseudonym, self.experiment.name, self.experiment.share)
        return self.challenger if drawn == CHALLENGER else self.champion


class Models:
    """The models in service.

    Args:
        champion: Answers everybody, save the challenger's share.
        challenger: Is tried beside it, where there is one.
        experiment: Its name draws the customers who get the challenger, its share how many; unless the challenger
            brings an experiment of its own.
        shadow: Whether the challenger answers nobody and only scores along.
    """

    def __init__(
        self,
        champion: ModelHolder,
        challenger: ModelHolder | None = None,
        experiment: ExperimentSettings | None = None,
        *,
        shadow: bool = False,
    ) -> None:
        self._champion = champion
        self._challenger = challenger
        self._experiment = experiment or ExperimentSettings()
        self._shadow = shadow

    def now(self) -> Pair | None:
        """The models that answer now, None until the champion is loaded."""
        champion = self._champion.served
        if champion is None:
            return None
        challenger = self._challenger.served if self._challenger else None
        answering, watching = (None, challenger) if self._shadow else (challenger, None)
        own = challenger.experiment if challenger else None
        return Pair(champion, answering, watching, own or self._experiment)
