"""Bearer tokens (RFC 6750): who may ask, from a file that may change while it is read."""

import hashlib
import hmac
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from recommender.errors import ConfigError
from serving import metrics
from serving.replies import error_reply

logger = logging.getLogger(__name__)

_SCHEME: Final = "bearer"
_SHORTEST: Final = 16


class Tokens:
    """The tokens in a file, one a line; lines that begin with # and empty ones say nothing.

    The file is read anew when it changes. Where it cannot be read, or holds no usable token, what it said before
    holds on: a token is taken back by a file without it, not by no file.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            ConfigError: It is missing, has no token or a short one.
        """
        self._path = path
        self._stamp = _stamp(path)
        self._digests = _read(path)

    def allow(self, token: str) -> bool:
        """Whether this is one of the tokens; how long that takes says nothing of how near it came."""
        self._refresh()
        given = _digest(token)
        # Every one is compared, also after a match.
        return sum([hmac.compare_digest(given, known) for known in self._digests]) > 0

    def _refresh(self) -> None:
        stamp = _stamp(self._path)
        if stamp is None or stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._digests = _read(self._path)
            logger.info("the tokens were read anew: there are %d", len(self._digests))
        except ConfigError as error:
            logger.error("the tokens stay as they were: %s", error)


class Gate:
    """ASGI middleware that answers 401 to who has no token, save on open paths.

    Args:
        app: What is behind it.
        tokens: Who may pass.
        open_paths: Beginnings of the paths that need no token.
    """

    def __init__(self, app: ASGIApp, tokens: Tokens, open_paths: Sequence[str]) -> None:
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
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return scheme.lower() == _SCHEME and self._tokens.allow(token.strip())


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file does; None where it cannot be seen."""
    try:
        status = os.stat(path)  # noqa: PTH116 (a Secret's file is a link that is swapped; this follows it)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _read(path: Path) -> tuple[bytes, ...]:
    expected = f"one token a line, each of {_SHORTEST} characters or more"
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The tokens cannot be read: {type(error).__name__}.", where=str(path), expected=expected
        ) from None
    tokens = [line for line in lines if line and not line.startswith("#")]
    if not tokens or any(len(token) < _SHORTEST for token in tokens):
        raise ConfigError("There is no token, or a short one.", where=str(path), expected=expected)
    return tuple(map(_digest, tokens))


def _digest(token: str) -> bytes:
    """Equally long whatever the token, so that comparing takes equally long too."""
    return hashlib.sha256(token.encode()).digest()
