"""Admission control: a bounded number of requests wait, a few are answered at a time, the rest are refused at once.

Answers are computed on the event loop. If every request that has arrived were answered in one go, the loop would
neither see nor refuse others meanwhile, and everyone would wait for everyone. So a turn of the loop answers a few, and
the loop looks for new requests between two turns; those that find too many waiting are told to come back.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from infrastructure.errors import RecommenderError
from serving.observability import metrics

RETRY_SECONDS: Final = 1

Request = TypeVar("Request")
Response = TypeVar("Response")


class OverloadedError(RecommenderError):
    """There are more requests than can be answered in time."""


@dataclass(frozen=True, slots=True)
class _WaitingRequest(Generic[Request, Response]):
    """A request that waits for its turn, which came at ``arrived`` by ``time.monotonic``."""

    request: Request
    size: int
    arrived: float
    response: "asyncio.Future[Response]"


class AdmissionControl(Generic[Request, Response]):
    """Gives turns, in the order of arrival; belongs to one event loop.

    Args:
        answer: Answers requests together, in their order; where it fails, each is answered alone.
        capacity: Requests that may wait for their turn.
        maximum_wait_seconds: How long one may have waited and still be worth answering.
        batch_size: Customers answered in one turn; one request may have more, and then is answered alone.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Request]], Sequence[Response]],
        capacity: int,
        maximum_wait_seconds: float,
        batch_size: int = 1,
    ) -> None:
        self._answer = answer
        self._capacity = capacity
        self._maximum_wait_seconds = maximum_wait_seconds
        self._batch_size = batch_size
        self._waiting: deque[_WaitingRequest[Request, Response]] = deque()
        self._answered = 0
        self._reported = 0
        self._busy = False
        self._empty_context = Context()

    @property
    def idle(self) -> bool:
        """Whether nobody has or waits for a turn."""
        return not self._busy

    @property
    def other_requests(self) -> int:
        """How many others there are beside a request just answered: in the same turn, or waiting for theirs."""
        return self._answered - 1 + len(self._waiting)

    def check_capacity(self) -> None:
        """Refuse a request that would find no place.

        Raises:
            OverloadedError: Too many wait.
        """
        if self._busy and len(self._waiting) >= self._capacity:
            raise _overloaded("full")

    async def submit(self, request: Request, size: int = 1) -> Response:
        """The response to a request of ``size`` customers, when its turn has come.

        Raises:
            OverloadedError: Too many wait, or its turn took too long to come.
        """
        self.check_capacity()
        response: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._waiting.append(_WaitingRequest(request, size, time.monotonic(), response))
        if not self._busy:
            self._schedule_turn()
        return await response

    def _schedule_turn(self) -> None:
        """Let the next turn come, in two rounds of the loop.

        In the first the loop hands out the last turn's responses and reads what has come meanwhile, in the second what
        was read gets here: the more are answered together, the less each takes.
        """
        self._busy = True
        self._call_soon(partial(self._call_soon, self._take_turn))

    def _call_soon(self, callback: Callable[[], None]) -> None:
        # In an empty context: what is logged of several requests does not belong to one of them.
        asyncio.get_running_loop().call_soon(callback, context=self._empty_context)

    def _take_turn(self) -> None:
        turn = self._next_batch()
        self._report_waiting()
        if not turn:
            self._busy = False
            return
        self._answered = len(turn)
        for waiting, response in zip(turn, self._responses([waiting.request for waiting in turn]), strict=True):
            if isinstance(response, Exception):
                waiting.response.set_exception(response)
            else:
                waiting.response.set_result(response)
        self._schedule_turn()

    def _next_batch(self) -> list[_WaitingRequest[Request, Response]]:
        """The requests whose turn it is, the longest waiting first; those cancelled are skipped, those late refused."""
        batch: list[_WaitingRequest[Request, Response]] = []
        customers, oldest = 0, time.monotonic() - self._maximum_wait_seconds
        while self._waiting and (not batch or customers + self._waiting[0].size <= self._batch_size):
            first = self._waiting.popleft()
            if first.response.done():
                continue
            if first.arrived < oldest:
                first.response.set_exception(_overloaded("late"))
                continue
            batch.append(first)
            customers += first.size
        return batch

    def _report_waiting(self) -> None:
        """Set the metric of those left waiting, only where it has changed: setting it costs more than knowing it."""
        if self._reported != len(self._waiting):
            self._reported = len(self._waiting)
            metrics.WAITING.set(self._reported)

    def _responses(self, requests: list[Request]) -> Sequence[Response | Exception]:
        """The response to each; a request that cannot be answered spoils no other's response."""
        try:
            return self._answer(requests)
        except Exception as error:
            if len(requests) == 1:
                return [error]
            return [response for request in requests for response in self._responses([request])]


def _overloaded(reason: str) -> OverloadedError:
    metrics.TURNED_AWAY.labels(reason).inc()
    return OverloadedError("There are too many requests just now; try again in a moment.")
