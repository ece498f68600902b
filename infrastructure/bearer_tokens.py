"""Bearer tokens (RFC 6750): who may use a service, from a file that may change while the service runs."""

import hashlib
import hmac
import logging
import os
from pathlib import Path
from typing import Final

from infrastructure.errors import ConfigError

logger = logging.getLogger(__name__)

#: Environment variable that names the file of a service's tokens; without it everyone may use the service.
TOKENS_FILE: Final = "TOKENS_FILE"

_SCHEME: Final = "bearer"
_SHORTEST: Final = 16


class BearerTokens:
    """The tokens in a file, one a line; empty lines and lines that begin with # are ignored.

    The file is read again when it changes. While it cannot be read, or holds no usable token, the tokens that it held
    before stay valid: a token is withdrawn by a file without it, not by a missing file.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            ConfigError: It is missing, has no token or a short one.
        """
        self._path = path
        self._stamp = _stamp(path)
        self._digests = _read(path)

    def admits(self, authorization: str) -> bool:
        """Whether an ``Authorization`` header holds one of the tokens."""
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == _SCHEME and self._allows(token.strip())

    def _allows(self, token: str) -> bool:
        """Whether this is one of the tokens; the time that it takes does not tell how close a wrong one is."""
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
            logger.info("the tokens were read again: there are %d", len(self._digests))
        except ConfigError as error:
            logger.error("the tokens stay as they were: %s", error)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file does; None where the file cannot be seen."""
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
    """A digest: all have one length, so comparing them always takes the same time."""
    return hashlib.sha256(token.encode()).digest()
