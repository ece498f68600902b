"""Which online store is used: the file in the workspace, or the Redis that ``ONLINE_STORE`` names."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from infrastructure.environment import read_text
from infrastructure.errors import ConfigError
from infrastructure.workspace import Workspace

ONLINE_STORE: Final = "ONLINE_STORE"
"""Environment variable: the address of a Redis, or the path of a file."""
REDIS_SCHEMES: Final = ("redis://", "rediss://")

PORT: Final = 6379
SECONDS: Final = 5
"""How long Feast waits for Redis: without a limit, an unreachable Redis would block its writers for minutes."""


def redis_address(variables: Mapping[str, str] = os.environ) -> str | None:
    """The address of the Redis that is the online store; None where the online store is a file."""
    address = read_text(ONLINE_STORE, variables=variables)
    return address if address.startswith(REDIS_SCHEMES) else None


def online_store(workspace: Workspace) -> str:
    """The address or the path under which serving finds a shop's online store."""
    return redis_address() or str(workspace.online_store.absolute())


def feast_variables(folder: Path, variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Values of the variables in ``feature_store.yaml`` of a shop whose Feast folder this is.

    Raises:
        ConfigError: As :func:`feast_connection`.
    """
    address = redis_address(variables)
    return {"FEAST_FOLDER": str(folder.resolve()), "FEAST_REDIS": feast_connection(address) if address else ""}


def feast_connection(address: str) -> str:
    """A Redis address as Feast writes it: ``host:port,db=0,password="…"``.

    Raises:
        ConfigError: The address names no host, or no database by its number.
    """
    parts = urlsplit(address)
    database = parts.path.strip("/") or "0"
    if not parts.hostname or not database.isdecimal():
        # Never the address itself: it may hold a password.
        raise ConfigError(
            "Not an address of a Redis.", field=ONLINE_STORE, expected="redis://[[user]:password@]host[:port][/number]"
        )
    options = {"db": database, "socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    if parts.scheme == "rediss":
        options["ssl"] = "true"
    for name, value in (("username", parts.username), ("password", parts.password)):
        if value:
            options[name] = _quoted(unquote(value))
    return ",".join([f"{parts.hostname}:{parts.port or PORT}", *(f"{key}={value}" for key, value in options.items())])


def _quoted(text: str) -> str:
    """A text escaped for Feast, which splits at commas, and for the YAML file around it, which splits at blanks."""
    return json.dumps(text).replace(",", "\\u002c").replace(" ", "\\u0020").replace("$", "\\u0024")
