"""A challenger in shadow mode: it scores the champion's requests while no request waits, and answers nobody."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from serving.answering.impression_logging import ResolvedRequest, to_impression
from serving.impressions.log import ImpressionSink
from serving.models.loaded_model import LoadedModel
from serving.observability import metrics

logger = logging.getLogger(__name__)

_IDLE_CHECK_SECONDS: Final = 0.002
"""Between two looks for a moment without requests, while somebody is to be scored."""


class ShadowScorer:
    """Scores customers one by one in turns that no request wants; belongs to one event loop.

    Not in a thread of its own: two threads that work in Python wait for each other, and requests would wait most.

    Args:
        idle: Whether nobody else has or waits for a turn.
        log: Takes what the challenger would have shown.
        capacity: Customers who may wait to be scored; more are dropped and counted.
    """

    def __init__(self, idle: Callable[[], bool], log: ImpressionSink, capacity: int) -> None:
        self._idle = idle
        self._log = log
        self._capacity = capacity
        self._waiting: deque[tuple[LoadedModel, ResolvedRequest]] = deque()
        self._wanted = asyncio.Event()

    def add(self, challenger: LoadedModel, request: ResolvedRequest) -> None:
        """Score this customer later, or drop and count it."""
        if len(self._waiting) >= self._capacity:
            metrics.SHADOW.labels("dropped").inc()
        else:
            self._waiting.append((challenger, request))
            self._wanted.set()

    async def run(self) -> None:
        """Score what waits, for ever."""
        while True:
            await self._wanted.wait()
            await asyncio.sleep(_IDLE_CHECK_SECONDS)
            await self._score_while_idle()
            if not self._waiting:
                self._wanted.clear()

    async def _score_while_idle(self) -> None:
        while self._waiting and self._idle():
            self._score(*self._waiting.popleft())
            await asyncio.sleep(0)  # requests come first

    def _score(self, challenger: LoadedModel, request: ResolvedRequest) -> None:
        try:
            (recommendation,) = challenger.engine.recommend([request.query], reasons=False)
        except Exception as error:  # whatever is wrong with a challenger must not harm the service
            metrics.SHADOW.labels("failed").inc()
            logger.error("the challenger cannot score a customer: %s", type(error).__name__)
            return
        metrics.SHADOW.labels("scored").inc()
        self._log.add(to_impression(request, recommendation, challenger))
