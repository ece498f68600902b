"""What every step does around its work: progress told to whoever listens, errors told in one place."""

import logging
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from components.running.events import Event
from infrastructure import progress
from infrastructure.errors import RecommenderError

EVENT_FILE: Final = "RECOMMENDER_EVENTS"
"""Environment variable that names the file events are appended to; without it they are only logged."""


@contextmanager
def step(name: str) -> Generator[None]:
    """Run one step's work: its progress notes and its end, good or bad, become events and log lines."""
    tell = _teller()
    handler = _Notes(name, tell)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    progress.logger.addHandler(handler)
    progress.logger.setLevel(logging.INFO)
    tell(Event(name, "started"))
    try:
        yield
    except Exception as error:
        tell(_failure(name, error))
        raise
    else:
        tell(Event(name, "finished"))
    finally:
        progress.logger.removeHandler(handler)


class _Notes(logging.Handler):
    """Turns records of ``infrastructure.progress`` into events."""

    def __init__(self, name: str, tell: Callable[[Event], None]) -> None:
        super().__init__()
        self._step = name
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one note."""
        self._tell(Event(self._step, "note", record.getMessage(), getattr(record, "figures", {})))


def _teller() -> Callable[[Event], None]:
    path = os.environ.get(EVENT_FILE)

    def tell(event: Event) -> None:
        figures = " ".join(f"{name}={value}" for name, value in event.figures.items())
        sys.stdout.write(f"{event.step} {event.kind} {event.text} {figures}".rstrip() + "\n")
        sys.stdout.flush()
        if path:
            event.append(Path(path))

    return tell


def _failure(name: str, error: Exception) -> Event:
    if isinstance(error, RecommenderError):
        return Event(name, "failed", str(error), mendable=True)
    return Event(name, "failed", f"{type(error).__name__}: {error}")
