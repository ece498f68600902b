"""Connections balanced among workers: where requests queue, one is closed now and then.

A connection that is kept open stays with the worker that took it, and of a burst of new ones a worker takes all that it
finds: the others may get none and stay idle. So may replicas that are started under load. A client whose connection
is closed opens the next one, and an idle worker is the first to take it.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from serving.answering.admission import AdmissionControl
from serving.server.instrumentation import Endpoint

REQUESTS_PER_CLOSE: Final = 2_000
"""How many other requests are seen, in the same turn or waiting, added up over responses, until a connection is closed.

Where there are always ten, every two hundredth response closes its connection.
"""


class ConnectionBalancer:
    """Decides which responses close their connection, by how many requests wait."""

    def __init__(self, admission: AdmissionControl[Any, Any]) -> None:
        self._admission = admission
        self._other_requests = 0

    def balanced(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, some of whose responses close their connection."""

        async def respond(request: Request) -> Response:
            response = await endpoint(request)
            if self._is_last():
                response.headers["connection"] = "close"
            return response

        return respond

    def _is_last(self) -> bool:
        self._other_requests += self._admission.other_requests
        if self._other_requests < REQUESTS_PER_CLOSE:
            return False
        self._other_requests = 0
        return True
