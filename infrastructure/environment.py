"""Environment variables, read as texts, paths, ports, numbers and booleans; a variable that is empty is not set."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

from infrastructure.errors import ConfigError

_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off")
_LAST_PORT: Final = 65_535

N = TypeVar("N", int, float)


def read_text(name: str, default: str = "", variables: Mapping[str, str] = os.environ) -> str:
    """The text of a variable."""
    return variables.get(name) or default


def read_path(name: str, variables: Mapping[str, str] = os.environ) -> Path | None:
    """The absolute path that a variable names."""
    text = read_text(name, variables=variables)
    return Path(text).absolute() if text else None


def read_port(name: str, default: int, variables: Mapping[str, str] = os.environ) -> int:
    """The port that a variable names.

    Raises:
        ConfigError: It is not a port.
    """
    text = read_text(name, str(default), variables)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_PORT):
        raise _wrong(name, text, f"a port, 1 to {_LAST_PORT}")
    return int(text)


def read_number(name: str, default: N, variables: Mapping[str, str] = os.environ) -> N:
    """The number in a variable: whole where the default is.

    Raises:
        ConfigError: It is not such a number.
    """
    text = read_text(name, str(default), variables)
    try:
        return type(default)(text)
    except ValueError:
        expected = "a whole number" if isinstance(default, int) else "a number"
        raise _wrong(name, text, expected) from None


def read_boolean(name: str, *, default: bool = False, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether a variable says yes.

    Raises:
        ConfigError: It says neither yes nor no.
    """
    text = read_text(name, variables=variables).lower()
    if text in ("", *_TRUE, *_FALSE):
        return text in _TRUE if text else default
    raise _wrong(name, text, f"one of: {', '.join((*_TRUE, *_FALSE))}")


def _wrong(name: str, text: str, expected: str) -> ConfigError:
    return ConfigError(
        "An environment variable is malformed.", where="the environment", field=name, value=text, expected=expected
    )
