"""Who may be answered next: one request after another, a bounded number waiting, the rest refused at once.

Answers are worked out on the event loop. If every request that has arrived were worked off in one go, the loop would
neither see nor refuse others meanwhile, and everyone would wait for everyone. So each takes one turn of the loop, which
looks for new requests between two turns; those that find too many waiting are told to come back.
"""

import asyncio
import time
from collections import deque
from typing import Final

from recommender.errors import RecommenderError
from serving import metrics

RETRY_SECONDS: Final = 1


class OverloadedError(RecommenderError):
    """There are more requests than can be answered in time."""


class Admission:
    """Gives turns, in the order of arrival; belongs to one event loop.

    Args:
        places: Requests that may wait for their turn.
        seconds: How long one may have waited and still be worth answering.
    """

    def __init__(self, places: int, seconds: float) -> None:
        self._places = places
        self._seconds = seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._taken = False

    @property
    def idle(self) -> bool:
        """Whether nobody has or waits for a turn."""
        return not self._taken

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    async def turn(self) -> None:
        """Wait for a turn, which lasts until the caller next awaits something.

        Raises:
            OverloadedError: Too many wait, or it took too long to come.
        """
        if not self._taken:
            self._take()
            return
        if len(self._waiting) >= self._places:
            raise _overloaded("full")
        arrived = time.monotonic()
        await self._called()
        if time.monotonic() - arrived > self._seconds:
            self._take()
            raise _overloaded("late")
        self._take()

    def _take(self) -> None:
        self._taken = True
        # Runs when the loop has looked for new requests, so not before the turn is over.
        asyncio.get_running_loop().call_soon(self._next)

    async def _called(self) -> None:
        call = asyncio.get_running_loop().create_future()
        self._waiting.append(call)
        metrics.WAITING.inc()
        try:
            await call
        except asyncio.CancelledError:
            if call.done() and not call.cancelled():
                self._next()  # called, and gone before it came: the turn is the next one's
            raise
        finally:
            metrics.WAITING.dec()

    def _next(self) -> None:
        while self._waiting:
            call = self._waiting.popleft()
            if not call.done():
                call.set_result(None)
                return
        self._taken = False


def _overloaded(why: str) -> OverloadedError:
    metrics.TURNED_AWAY.labels(why).inc()
    return OverloadedError("There are too many requests just now; try again in a moment.")
