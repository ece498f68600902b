"""What a source file names and the environment holds: addresses with passwords, and tokens."""

import os

from infrastructure.errors import ConfigError


def secret(variable: str, *, field: str) -> str:
    """The value of an environment variable.

    Raises:
        ConfigError: It is not set; the error names the variable and ``field``, never a value.
    """
    value = os.environ.get(variable, "")
    if not value:
        raise ConfigError(
            "An environment variable is not set.", where="the environment", field=field, value=variable,
            expected=f"export {variable}=... before the command",
        )  # fmt: skip
    return value
