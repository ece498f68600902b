"""Environment variables, read as texts, paths and ports; a variable that is empty is not set."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infrastructure.errors import ConfigError

_LAST_PORT: Final = 65_535


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
        raise ConfigError(
            "An environment variable is malformed.",
            where="the environment",
            field=name,
            value=text,
            expected=f"a port, 1 to {_LAST_PORT}",
        )
    return int(text)
