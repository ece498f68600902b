"""A bounded queue and the thread that hands its content on in batches; whoever adds to it never waits."""

import logging
import queue
import threading
import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from serving.observability import metrics

logger = logging.getLogger(__name__)

_STOP_SECONDS: Final = 10.0

T = TypeVar("T")


@dataclass(frozen=True)
class Batch(Generic[T]):
    """Rows that are handed on together.

    Attributes:
        rows: In the order in which they came.
        name: No other batch has it, and it is the same at every try.
    """

    rows: Sequence[T]
    name: str = field(default_factory=lambda: uuid.uuid4().hex)


class Batches(ABC, Generic[T]):
    """Impressions that wait to be kept.

    Attributes:
        size: Rows in a batch, at most.

    Args:
        capacity: How many may wait; more are dropped and counted.
        flush_seconds: Longest time that one waits for others to be handed on with.
        table: Where they are kept; those that wait are counted apart for each.
    """

    size = 1000

    def __init__(self, capacity: int, flush_seconds: float, table: str) -> None:
        self._table = table
        self._capacity = capacity
        self._flush_seconds = flush_seconds
        self._waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._held: Batch[T] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="impressions", daemon=True)

    @abstractmethod
    def deliver(self, batch: Batch[T]) -> bool:
        """Hand a batch on, or drop and count it; False where it should be tried again later."""

    def close(self) -> None:
        """Let go of what :meth:`deliver` uses; called by its thread, at the end."""

    def add(self, row: T, /) -> None:
        """Take one row; with a full queue it is dropped and counted."""
        if self._left() < self._capacity:
            self._waiting.put(row)
        else:
            metrics.IMPRESSIONS.labels("dropped").inc()

    def start(self) -> None:
        """Begin to hand on."""
        self._thread.start()

    def stop(self) -> None:
        """Hand on what waits, then end; what cannot be is dropped and counted."""
        self._stopping.set()
        self._thread.join(timeout=_STOP_SECONDS)

    def flush(self) -> None:
        """Hand on what waits, until there is nothing more or it has to be tried again later."""
        while self._held or self._next():
            if self._held and not self.deliver(self._held):
                break
            self._held = None
        metrics.IMPRESSIONS_WAITING.labels(self._table).set(self._left())

    def _run(self) -> None:
        while not self._stopping.wait(self._flush_seconds):
            self._try()
        self._try()
        metrics.IMPRESSIONS.labels("dropped").inc(self._left())
        self.close()

    def _left(self) -> int:
        """How many wait."""
        held = self._held
        return self._waiting.qsize() + (len(held.rows) if held else 0)

    def _try(self) -> None:
        """A mishap that nobody foresaw costs time, not the thread: without it everything later would be lost."""
        try:
            self.flush()
        except Exception:
            logger.exception("impressions wait: they could not be handed on")

    def _next(self) -> bool:
        """Take the next batch from the queue; False where it is empty."""
        rows: list[T] = []
        while len(rows) < self.size:
            try:
                rows.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        self._held = Batch(rows) if rows else None
        return bool(rows)
