"""ASGI middleware: bearer tokens (RFC 6750), and the direct way from the server to the application."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from infrastructure.bearer_tokens import BearerTokens
from infrastructure.http_service import is_authorized, unauthorized_response
from serving.observability import metrics

_PROTOCOL_PATHS: Final = ("/v1/", "/v2/")


class BearerAuthMiddleware:
    """Answers 401 to requests without a valid token, except on paths that begin with an open one."""

    def __init__(self, app: ASGIApp, tokens: BearerTokens, open_paths: Sequence[str]) -> None:
        self._app = app
        self._tokens = tokens
        self._open_paths = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or self._is_open(scope["path"]) or is_authorized(Headers(scope=scope), self._tokens):
            await self._app(scope, receive, send)
            return
        metrics.TURNED_AWAY.labels("token").inc()
        await unauthorized_response()(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self._open_paths)


class DirectDispatchMiddleware:
    """Sends the protocol's requests directly to the application, and all others on through BentoML.

    BentoML's router, which tries every route twice, its request context and two layers of error handling do nothing for
    an application that has its own; they cost as much time as reading the request does.
    """

    def __init__(self, app: ASGIApp, application: ASGIApp) -> None:
        self._app = app
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request or lifespan on."""
        direct = scope["type"] == "http" and scope["path"].startswith(_PROTOCOL_PATHS)
        await (self._application if direct else self._app)(scope, receive, send)
