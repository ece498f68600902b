"""What every step does around its work: its progress and its end, good or bad, become events."""

import logging
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from components.running.events import StepEvent
from infrastructure import progress
from infrastructure.environment import read_path
from infrastructure.errors import RecommenderError

EVENT_FILE: Final = "RECOMMENDER_EVENTS"
"""Environment variable: the file that events are appended to; unset: they are only logged."""


@contextmanager
def step(name: str) -> Generator[None]:
    """Run one step's work: its progress notes and its end, good or bad, become events and log lines."""
    write = _event_writer()
    handler = _NoteHandler(name, write)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    progress.logger.addHandler(handler)
    progress.logger.setLevel(logging.INFO)
    write(StepEvent(name, "started"))
    try:
        yield
    except Exception as error:
        write(_failure(name, error))
        raise
    else:
        write(StepEvent(name, "finished"))
    finally:
        progress.logger.removeHandler(handler)


class _NoteHandler(logging.Handler):
    """Turns records of ``infrastructure.progress`` into events."""

    def __init__(self, name: str, write: Callable[[StepEvent], None]) -> None:
        super().__init__()
        self._step = name
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """Write one note."""
        self._write(StepEvent(self._step, "note", record.getMessage(), getattr(record, "figures", {})))


def _event_writer() -> Callable[[StepEvent], None]:
    path = read_path(EVENT_FILE)

    def write(event: StepEvent) -> None:
        figures = " ".join(f"{name}={value}" for name, value in event.figures.items())
        sys.stdout.write(f"{event.step} {event.kind} {event.text} {figures}".rstrip() + "\n")
        sys.stdout.flush()
        if path:
            event.append(path)

    return write


def _failure(name: str, error: Exception) -> StepEvent:
    if isinstance(error, RecommenderError):
        return StepEvent(name, "failed", str(error), mendable=True)
    return StepEvent(name, "failed", f"{type(error).__name__}: {error}")
