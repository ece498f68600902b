"""A bounded queue and the thread that writes its rows in batches; adding to it never waits."""

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
class ImpressionBatch(Generic[T]):
    """Rows that are written together.

    Attributes:
        rows: In the order in which they came.
        name: Unique, and the same at every try.
    """

    rows: Sequence[T]
    name: str = field(default_factory=lambda: uuid.uuid4().hex)


class BatchWriter(ABC, Generic[T]):
    """Impressions that wait to be written; subclasses say where to.

    Attributes:
        size: Rows in a batch, at most.

    Args:
        capacity: How many may wait; more are dropped and counted.
        flush_seconds: Longest time that one waits for others to be written with.
        table: Where they are written; those that wait are counted for each table.
    """

    size = 1000

    def __init__(self, capacity: int, flush_seconds: float, table: str) -> None:
        self._table = table
        self._capacity = capacity
        self._flush_seconds = flush_seconds
        self._waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._retained: ImpressionBatch[T] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="impressions", daemon=True)

    @abstractmethod
    def deliver(self, batch: ImpressionBatch[T]) -> bool:
        """Write a batch, or drop and count it; False where it should be tried again later."""

    def close(self) -> None:
        """Release what :meth:`deliver` uses; called by its thread, at the end."""

    def add(self, row: T, /) -> None:
        """Take one row; with a full queue it is dropped and counted."""
        if self._waiting_rows() < self._capacity:
            self._waiting.put(row)
        else:
            metrics.IMPRESSIONS.labels("dropped").inc()

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end; what cannot be written is dropped and counted."""
        self._stopping.set()
        self._thread.join(timeout=_STOP_SECONDS)

    def flush(self) -> None:
        """Write what waits, until nothing is left or it has to be tried again later."""
        while self._retained or self._next_batch():
            if self._retained and not self.deliver(self._retained):
                break
            self._retained = None
        metrics.IMPRESSIONS_WAITING.labels(self._table).set(self._waiting_rows())

    def _run(self) -> None:
        while not self._stopping.wait(self._flush_seconds):
            self._flush_safely()
        self._flush_safely()
        metrics.IMPRESSIONS.labels("dropped").inc(self._waiting_rows())
        self.close()

    def _waiting_rows(self) -> int:
        """How many wait."""
        retained = self._retained
        return self._waiting.qsize() + (len(retained.rows) if retained else 0)

    def _flush_safely(self) -> None:
        """An unforeseen error costs time, not the thread: without the thread all later impressions would be lost."""
        try:
            self.flush()
        except Exception:
            logger.exception("impressions wait: they could not be written")

    def _next_batch(self) -> bool:
        """Take the next batch from the queue; False where it is empty."""
        rows: list[T] = []
        while len(rows) < self.size:
            try:
                rows.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        self._retained = ImpressionBatch(rows) if rows else None
        return bool(rows)
