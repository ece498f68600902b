"""Commands as a person types them, run within the test's own process."""

import os

from click.testing import Result
from typer import Typer
from typer.testing import CliRunner


def beauty(*arguments: object, app: Typer | None = None, typed: str | None = None, **variables: str | None) -> Result:
    """``beauty`` (or another program) with these arguments; what make exports for its own command is not read.

    ``typed`` is what a person answers to its questions.
    """
    from beauty.command_line import app as own

    cleared = {name: None for name in os.environ if name.startswith("BEAUTY_") or name == "PORT"}
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(
        app or own, words, input=typed, env=cleared | variables, prog_name="beauty", catch_exceptions=False
    )
