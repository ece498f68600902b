"""How long-running work reports what it has done; the log handler (of a terminal, file or pipeline) formats it."""

import logging
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

logger = logging.getLogger("infrastructure.progress")

Figure = int | float | str

REPORT_SECONDS: Final = 1.0
"""A stage reports at most this often: a terminal's line moves, and the work does not notice."""

LOG_SECONDS: Final = 15.0
"""A log has a line of progress at most this often."""

_LEAST_SHARE: Final = 0.02
"""Share of a stage before which its pace tells nothing of the rest: the first step holds preparations."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Stage:
    """How far a piece of work is.

    Attributes:
        name: What is being done.
        done: How much of it is.
        total: How much there is to do, at least.
        unit: What is counted.
        seconds: Since it began.
    """

    name: str
    done: int
    total: int
    unit: str
    seconds: float

    @property
    def share(self) -> float:
        """Of the work that is done, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 1.0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.done >= self.total

    @property
    def seconds_left(self) -> float | None:
        """Until the end at its pace so far; None while that is not known."""
        if self.share < _LEAST_SHARE or self.is_done:
            return None
        return self.seconds * (self.total - self.done) / self.done

    def __str__(self) -> str:
        """For people: ``fitting the network: 3 of 12 epochs (25 %), about 2 min left``."""
        unit = f" {self.unit}" if self.unit else ""
        left = f", about {duration(self.seconds_left)} left" if self.seconds_left is not None else ""
        return f"{self.name}: {self.done:,} of {self.total:,}{unit} ({self.share:.0%}){left}"


@dataclass
class Steps:
    """Counts the steps of a stage and reports it from time to time, never for each step."""

    name: str
    total: int
    unit: str = ""
    done: int = 0
    _began: float = field(default_factory=lambda: time.monotonic())
    _told: float = field(default_factory=lambda: time.monotonic())
    _has_told: bool = False

    def advance(self, count: int = 1) -> None:
        """So many more steps are done."""
        self.done += count
        if (now := time.monotonic()) - self._told >= REPORT_SECONDS:
            self._tell(now)

    def finish(self) -> None:
        """Nothing is left; only what was reported before is reported as done."""
        self.done = self.total = max(self.done, 1)
        if self._has_told:
            self._tell(time.monotonic())

    @property
    def stage(self) -> Stage:
        """How far it is now."""
        return Stage(self.name, self.done, max(self.total, self.done), self.unit, time.monotonic() - self._began)

    def _tell(self, now: float) -> None:
        self._told, self._has_told = now, True
        stage = self.stage
        logger.info(str(stage), extra={"figures": {}, "stage": stage})


@contextmanager
def steps(name: str, total: int, unit: str = "") -> Generator[Steps]:
    """Report a stage of ``total`` steps while the block lasts, which says how many it has done.

    A log handler finds how far it is as ``record.stage``; the time that is left is told from its own pace.
    """
    progress = Steps(name, total, unit)
    yield progress
    progress.finish()


def counted(items: Iterable[_Item], name: str, total: int, unit: str = "") -> Iterator[_Item]:
    """The items, each one a step that is done when the next is asked for."""
    with steps(name, total, unit) as progress:
        for item in items:
            yield item
            progress.advance()


def note(message: str, **figures: Figure) -> None:
    """Report one finished piece of work with its figures (rows, seconds, a metric).

    A log handler finds them as ``record.figures``.
    """
    logger.info(message, extra={"figures": figures})


@contextmanager
def timed(message: str, **figures: Figure) -> Generator[dict[str, Figure]]:
    """Report ``message`` with the seconds that the block took.

    The block may add figures to the yielded dictionary, and finds the seconds there afterwards.
    """
    start = time.perf_counter()
    found = dict(figures)
    yield found
    found["seconds"] = round(time.perf_counter() - start, 2)
    note(message, **found)


def duration(seconds: float) -> str:
    """A time as people say it: ``40 s``, ``3 min``, ``1 h 20 min``."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
