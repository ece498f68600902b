"""The straight way from the server to the application, past what BentoML puts before a mounted one."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_PROTOCOL: Final = ("/v1/", "/v2/")


class Shortcut:
    """ASGI middleware of the service: the protocol's requests go to the application, all others on through BentoML.

    BentoML's router, which asks every route twice, its request context and two layers of error handling do nothing for
    an application that has its own; they cost as much time as reading the request does.

    Args:
        app: What BentoML has behind its middleware.
        to: The application.
    """

    def __init__(self, app: ASGIApp, to: ASGIApp) -> None:
        self._app = app
        self._to = to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request or lifespan on."""
        straight = scope["type"] == "http" and scope["path"].startswith(_PROTOCOL)
        await (self._to if straight else self._app)(scope, receive, send)
