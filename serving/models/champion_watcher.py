"""Follows the pointer to a champion or a challenger, so that a new model is served without a restart."""

import logging
import threading
from pathlib import Path

from infrastructure.errors import BundleError
from infrastructure.files import read_json
from infrastructure.settings import checked
from recommender.contract.query import CHALLENGER
from serving.models.loaded_model import ModelSlot
from serving.observability import metrics
from settings.experiment import ExperimentSettings

logger = logging.getLogger(__name__)


class ChampionWatcher:
    """Follows a variant's pointer and swaps the model when it names another.

    A challenger whose pointer is removed goes out of service; a champion is only ever replaced.

    Args:
        pointer: As ``champion.json``: its "bundle" is a folder relative to the pointer's own; a challenger's
            "experiment", where there is one, says who gets it.
        slot: Where the model is swapped.
        seconds: Between two looks.
    """

    def __init__(self, pointer: Path, slot: ModelSlot, seconds: float) -> None:
        self._pointer = pointer
        self._slot = slot
        self._seconds = seconds
        self._seen = b""
        self._reported_refusal = b"", ""
        self._bundle: Path | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=slot.variant, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        self._thread.join(timeout=self._seconds + 1)

    def look(self) -> None:
        """Swap if the pointer has changed since the last look; a bad model is refused, counted and reported once.

        What merely could not be read now, for lack of memory or of its volume, is tried again at the next look.
        """
        try:
            text = self._pointer.read_bytes()
        except FileNotFoundError:
            self._withdraw()
            return
        except OSError:
            return  # its volume is away: the old model stays
        if text == self._seen:
            return
        self._seen = text
        try:
            self._take_over()
            self._reported_refusal = b"", ""
        except Exception as error:  # whatever is wrong with the new model must not harm the old one
            if _is_temporary(error):
                self._seen = b""
            self._refuse(text, error)

    def _take_over(self) -> None:
        bundle, experiment = _read_pointer(self._pointer)
        if bundle == self._bundle and self._slot.variant == CHALLENGER:
            self._slot.set_experiment(experiment)  # the same model, for others
            return
        self._slot.load(bundle, experiment)
        self._bundle = bundle
        metrics.SWAPS.labels(self._slot.variant, "taken").inc()

    def _refuse(self, text: bytes, error: Exception) -> None:
        """Count and log it, once a cause: what is tried again may fail every second."""
        cause = text, f"{type(error).__name__}: {error}"
        if cause == self._reported_refusal:
            return
        self._reported_refusal = cause
        metrics.SWAPS.labels(self._slot.variant, "refused").inc()
        logger.error("the new %s is refused and the old model stays: %s", self._slot.variant, error)

    def _withdraw(self) -> None:
        """Take a challenger whose pointer is gone out of service."""
        if self._slot.variant == CHALLENGER and self._slot.model is not None:
            self._seen, self._bundle = b"", None
            self._slot.clear()
            logger.info("the challenger is withdrawn")

    def _watch(self) -> None:
        while not self._stopping.wait(self._seconds):
            self.look()


def _read_pointer(pointer: Path) -> tuple[Path, ExperimentSettings | None]:
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
    values = record.get("experiment")
    experiment = None if values is None else checked(ExperimentSettings, values, where=str(pointer))
    return pointer.parent / bundle, experiment


def _is_temporary(error: BaseException | None) -> bool:
    """Whether the machine failed and not the model, also where another error was made of it: that may pass."""
    while error is not None:
        if isinstance(error, OSError | MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False
