"""What every step does around its work: its progress and its end, good or bad, become events."""

import logging
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Final

from components.running.events import StepEvent
from infrastructure import progress
from infrastructure.environment import read_path
from infrastructure.errors import RecommenderError
from infrastructure.progress import LOG_SECONDS, duration

EVENT_FILE: Final = "RECOMMENDER_EVENTS"
"""Environment variable: the file that events are appended to; unset: they are only logged."""

SILENT_SECONDS: Final = 20.0
"""After so long without a word a step tells that it is at work."""

_STILL: Final = " … still at work, "


@contextmanager
def step(name: str) -> Generator[None]:
    """Run one step's work: its progress notes and its end, good or bad, become events and log lines."""
    write = _EventWriter()
    handler = _NoteHandler(name, write)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    progress.logger.addHandler(handler)
    progress.logger.setLevel(logging.INFO)
    write(StepEvent(name, "started"))
    try:
        with _heartbeat(name, write):
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
        """Write one note, or how far a stage is."""
        kind = "progress" if hasattr(record, "stage") else "note"
        self._write(StepEvent(self._step, kind, record.getMessage(), getattr(record, "figures", {})))


class _EventWriter:
    """Appends events to the file and prints them; of what is only progress, a log gets some."""

    def __init__(self) -> None:
        self._path = read_path(EVENT_FILE)
        self._lock = Lock()
        self._printed = 0.0
        self.last: StepEvent | None = None

    def __call__(self, event: StepEvent) -> None:
        with self._lock:
            self.last = event
            if event.kind != "progress" or event.time - self._printed >= LOG_SECONDS:
                self._print(event)
            if self._path:
                event.append(self._path)

    def _print(self, event: StepEvent) -> None:
        self._printed = event.time
        figures = " ".join(f"{name}={value}" for name, value in event.figures.items())
        sys.stdout.write(f"{event.step} {event.kind} {event.text} {figures}".rstrip() + "\n")
        sys.stdout.flush()


@contextmanager
def _heartbeat(name: str, write: _EventWriter) -> Generator[None]:
    """Tell from time to time that a step is at work, also where it can say nothing: within one long call."""
    began, done = time.time(), Event()

    def beat() -> None:
        while not done.wait(1):
            last = write.last
            if last is not None and time.time() - last.time >= SILENT_SECONDS:
                text = last.text.partition(_STILL)[0] if last.kind != "started" else "at work"
                write(StepEvent(name, "progress", f"{text}{_STILL}{duration(time.time() - began)} in all"))

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _failure(name: str, error: Exception) -> StepEvent:
    if isinstance(error, RecommenderError):
        return StepEvent(name, "failed", str(error), mendable=True)
    return StepEvent(name, "failed", f"{type(error).__name__}: {error}")
