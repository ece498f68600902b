"""Who is answered next: those who wait together, a few at a time, a bounded number waiting, the rest refused at once.

Answers are worked out on the event loop. If every request that has arrived were worked off in one go, the loop would
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
Reply = TypeVar("Reply")


class OverloadedError(RecommenderError):
    """There are more requests than can be answered in time."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Request, Reply]):
    """A request that waits for its turn, which came at ``arrived`` by ``time.monotonic``."""

    request: Request
    size: int
    arrived: float
    reply: "asyncio.Future[Reply]"


class Admission(Generic[Request, Reply]):
    """Gives turns, in the order of arrival; belongs to one event loop.

    Args:
        answer: Answers requests together, in their order; where it fails, each is asked alone.
        places: Requests that may wait for their turn.
        seconds: How long one may have waited and still be worth answering.
        together: Customers answered in one turn; one request may have more, and then is answered alone.
    """

    def __init__(
        self, answer: Callable[[Sequence[Request]], Sequence[Reply]], places: int, seconds: float, together: int = 1
    ) -> None:
        self._answer = answer
        self._places = places
        self._seconds = seconds
        self._together = together
        self._waiting: deque[_Waiting[Request, Reply]] = deque()
        self._answered = 0
        self._counted = 0
        self._taken = False
        self._nobodys = Context()

    @property
    def idle(self) -> bool:
        """Whether nobody has or waits for a turn."""
        return not self._taken

    @property
    def others(self) -> int:
        """How many want an answer beside one who has just got one: in the same turn, or waiting for theirs."""
        return self._answered - 1 + len(self._waiting)

    def check(self) -> None:
        """Refuse who would find no place.

        Raises:
            OverloadedError: Too many wait.
        """
        if self._taken and len(self._waiting) >= self._places:
            raise _overloaded("full")

    async def reply(self, request: Request, size: int = 1) -> Reply:
        """The answer to a request, when its turn has come.

        Args:
            request: What is answered together with others.
            size: How many customers it names.

        Raises:
            OverloadedError: Too many wait, or its turn took too long to come.
        """
        self.check()
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, size, time.monotonic(), reply))
        if not self._taken:
            self._begin()
        return await reply

    def _begin(self) -> None:
        """Let the next turn come, in two rounds of the loop.

        In the first it tells whom the last turn answered and reads what has come meanwhile, in the second what was
        read gets here: the more are answered together, the less each takes.
        """
        self._taken = True
        self._soon(partial(self._soon, self._turn))

    def _soon(self, call: Callable[[], None]) -> None:
        # In nobody's context: what is logged of several requests is not one's.
        asyncio.get_running_loop().call_soon(call, context=self._nobodys)

    def _turn(self) -> None:
        turn = self._called()
        self._count()
        if not turn:
            self._taken = False
            return
        self._answered = len(turn)
        for waiting, reply in zip(turn, self._replies([waiting.request for waiting in turn]), strict=True):
            if isinstance(reply, Exception):
                waiting.reply.set_exception(reply)
            else:
                waiting.reply.set_result(reply)
        self._begin()

    def _called(self) -> list[_Waiting[Request, Reply]]:
        """Those whose turn it is, the longest waiting first; who is gone is passed over, who is late refused."""
        called: list[_Waiting[Request, Reply]] = []
        customers, oldest = 0, time.monotonic() - self._seconds
        while self._waiting and (not called or customers + self._waiting[0].size <= self._together):
            first = self._waiting.popleft()
            if first.reply.done():
                continue
            if first.arrived < oldest:
                first.reply.set_exception(_overloaded("late"))
                continue
            called.append(first)
            customers += first.size
        return called

    def _count(self) -> None:
        """Tell how many are left waiting, where that has changed: to say it costs more than to know it."""
        if self._counted != len(self._waiting):
            self._counted = len(self._waiting)
            metrics.WAITING.set(self._counted)

    def _replies(self, requests: list[Request]) -> Sequence[Reply | Exception]:
        """What each is told; a request that cannot be answered spoils no other's answer."""
        try:
            return self._answer(requests)
        except Exception as error:
            return [error] if len(requests) == 1 else [reply for one in requests for reply in self._replies([one])]


def _overloaded(why: str) -> OverloadedError:
    metrics.TURNED_AWAY.labels(why).inc()
    return OverloadedError("There are too many requests just now; try again in a moment.")
