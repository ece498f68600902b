"""The model that answers, and how another takes its place: whole or not at all."""

import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infrastructure.errors import BundleError
from infrastructure.files import read_json
from infrastructure.settings import checked
from recommender.contract.query import Profile, Query
from recommender.engine.variant_assignment import CHALLENGER, CHAMPION, Variant
from serving.models.recommendation_cache import Answers
from serving.observability import metrics
from settings.experiment import ExperimentSettings

if TYPE_CHECKING:
    from recommender.engine.engine import Engine

logger = logging.getLogger(__name__)

_SELF_TEST: Final = (Query("self-test", k=1), Query("self-test", k=1, profile=Profile(age=30, skin_type="dry")))


@dataclass(frozen=True, slots=True)
class Served:
    """A model in service; a request takes one and keeps it to its end, whatever is swapped meanwhile.

    Attributes:
        answers: Its answers, some of them remembered.
        experiment: Who gets it, where its pointer says so; else the process's own settings do.
    """

    engine: "Engine"
    answers: Answers
    variant: Variant = CHAMPION
    experiment: ExperimentSettings | None = None


class ModelHolder:
    """Holds the model of one variant.

    Args:
        variant: Which.
        remembered: Answers of it that are remembered.
    """

    def __init__(self, variant: Variant = CHAMPION, remembered: int = 0) -> None:
        self.variant: Final = variant
        self._remembered = remembered
        self._served: Served | None = None

    @property
    def served(self) -> Served | None:
        """The model that answers now, None until the first is loaded."""
        return self._served

    def load(self, bundle: Path, experiment: ExperimentSettings | None = None) -> None:
        """Read the bundle beside the model in service, try it, then swap.

        Raises:
            BundleError: The bundle is not whole or does not answer; the old model stays.
        """
        # Here and not above: BentoML's supervisor and its build import the service too, and never load a model.
        from recommender.engine.engine import Engine

        engine = Engine.load(bundle)
        _self_test(engine, bundle)
        self._served = Served(engine, Answers(engine, self._remembered), self.variant, experiment)
        metrics.LOADED.labels(self.variant).set(1)
        metrics.LOADED_AT.labels(self.variant).set_to_current_time()
        logger.info("the %s is model %s", self.variant, engine.version)

    def give_to(self, experiment: ExperimentSettings | None) -> None:
        """Let the model in service answer whom ``experiment`` draws."""
        if self._served is not None:
            self._served = replace(self._served, experiment=experiment)

    def clear(self) -> None:
        """Answer no more; requests under way end on the model they have."""
        self._served = None
        metrics.LOADED.labels(self.variant).set(0)


class PointerWatch:
    """Follows a variant's pointer and swaps the model when it names another.

    A challenger whose pointer is taken away is one no more; a champion is only ever replaced.

    Args:
        pointer: As ``champion.json``: its "bundle" is a folder relative to the pointer's own; a challenger's
            "experiment", where there is one, says who gets it.
        models: Where the model is swapped.
        seconds: Between two looks.
    """

    def __init__(self, pointer: Path, models: ModelHolder, seconds: float) -> None:
        self._pointer = pointer
        self._models = models
        self._seconds = seconds
        self._seen = b""
        self._told = b"", ""
        self._bundle: Path | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=models.variant, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._thread.join(timeout=self._seconds + 1)

    def look(self) -> None:
        """Swap if the pointer has changed since the last look; a bad model is refused, counted and told once.

        What could only not be read now, for want of memory or of its volume, is tried again at the next look.
        """
        try:
            text = self._pointer.read_bytes()
        except FileNotFoundError:
            self._gone()
            return
        except OSError:
            return  # its volume is away: the old model stays
        if text == self._seen:
            return
        self._seen = text
        try:
            self._take_over()
            self._told = b"", ""
        except Exception as error:  # whatever is wrong with the new model must not harm the old one
            if _passes(error):
                self._seen = b""
            self._refuse(text, error)

    def _take_over(self) -> None:
        bundle, experiment = _said(self._pointer)
        if bundle == self._bundle and self._models.variant == CHALLENGER:
            self._models.give_to(experiment)  # the same model, for others
            return
        self._models.load(bundle, experiment)
        self._bundle = bundle
        metrics.SWAPS.labels(self._models.variant, "taken").inc()

    def _refuse(self, text: bytes, error: Exception) -> None:
        """Count and tell it, once a cause: what is tried again may fail every second."""
        cause = text, f"{type(error).__name__}: {error}"
        if cause == self._told:
            return
        self._told = cause
        metrics.SWAPS.labels(self._models.variant, "refused").inc()
        logger.error("the new %s is refused and the old model stays: %s", self._models.variant, error)

    def _gone(self) -> None:
        if self._models.variant == CHALLENGER and self._models.served is not None:
            self._seen, self._bundle = b"", None
            self._models.clear()
            logger.info("the challenger is withdrawn")

    def _watch(self) -> None:
        while not self._stopping.wait(self._seconds):
            self.look()


def _said(pointer: Path) -> tuple[Path, ExperimentSettings | None]:
    """The bundle that a pointer names, and the experiment, if it names one.

    Raises:
        BundleError: It names no bundle.
        ConfigError: The experiment is malformed.
    """
    record = read_json(pointer)
    bundle = record.get("bundle") if isinstance(record, dict) else None
    if not isinstance(bundle, str):
        raise BundleError(
            "The model's record names no bundle.", where=str(pointer), field="bundle", expected="a folder"
        )
    said = record.get("experiment")
    return pointer.parent / bundle, checked(ExperimentSettings, said, where=str(pointer)) if said is not None else None


def _passes(error: BaseException | None) -> bool:
    """Whether the machine failed and not the model, also where another error was made of it: that may pass."""
    while error is not None:
        if isinstance(error, OSError | MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _self_test(engine: "Engine", bundle: Path) -> None:
    """Ask the engine what a stranger would ask.

    Raises:
        BundleError: It does not answer.
    """
    answers = engine.recommend(_SELF_TEST)
    if not all(answer.items for answer in answers):
        raise BundleError("The model recommends nothing to a customer it does not know.", where=str(bundle))
