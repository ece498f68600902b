"""Connections shared out among workers: where requests queue, one is closed now and then.

A connection that is kept open stays with the worker that took it, and of a burst of new ones a worker takes all that it
finds: the others may get none and do nothing. So may replicas that are started under load. A client whose connection
is closed opens the next one, and whoever has nothing to do is the first to take it.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from serving.answering.admission import Admission
from serving.server.measuring import Endpoint

PATIENCE: Final = 2_000
"""How many other requests are seen, in the same turn or waiting, added up over answers, until a connection is closed.

Where there are always ten, every two hundredth answer is its connection's last.
"""


class Sharing:
    """Decides which answers are their connection's last.

    Args:
        admission: Knows how many wait.
    """

    def __init__(self, admission: Admission[Any, Any]) -> None:
        self._admission = admission
        self._waited = 0

    def of(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, some of whose answers close their connection."""

        async def shared(request: Request) -> Response:
            response = await endpoint(request)
            if self._last():
                response.headers["connection"] = "close"
            return response

        return shared

    def _last(self) -> bool:
        self._waited += self._admission.others
        if self._waited < PATIENCE:
            return False
        self._waited = 0
        return True
