"""What stands before the endpoint's paths: bearer tokens (RFC 6750)."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from infrastructure.bearer_tokens import BearerTokens
from serving.observability import metrics
from serving.protocol.replies import error_reply


class Gate:
    """ASGI middleware that answers 401 to who has no token, save on open paths.

    Args:
        app: What is behind it.
        tokens: Who may pass.
        open_paths: Beginnings of the paths that need no token.
    """

    def __init__(self, app: ASGIApp, tokens: BearerTokens, open_paths: Sequence[str]) -> None:
        self._app = app
        self._tokens = tokens
        self._open_paths = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or self._is_open(scope["path"]) or self._may_pass(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        metrics.TURNED_AWAY.labels("token").inc()
        answer = error_reply(401, "A valid bearer token is needed.", {"www-authenticate": "Bearer"})
        await answer(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}/") for one in self._open_paths)

    def _may_pass(self, headers: Headers) -> bool:
        return self._tokens.admits(headers.get("authorization", ""))
