"""How every command ends: a mistake that a person can mend is one message and an exit code, never a traceback."""

import sys
from typing import Any, Final

import typer
from typer.core import TyperGroup

from infrastructure.errors import RecommenderError

FAILED: Final = 1
INTERRUPTED: Final = 130
"""Exit code of a command that Ctrl-C ended, as shells use it."""

_RESUMABLE: Final = ("run", "submit", "compile")


class CommandGroup(TyperGroup):
    """Commands of one program; a wrong command line is exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that ``ctx`` names; ``FAILED`` after a RecommenderError, ``INTERRUPTED`` after Ctrl-C."""
        try:
            return super().invoke(ctx)
        except RecommenderError as error:
            sys.stderr.write(f"Error: {error}\n")
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            if ctx.invoked_subcommand in _RESUMABLE:
                sys.stderr.write("Interrupted. Nothing is left half done; run it again to complete.\n")
            raise typer.Exit(INTERRUPTED) from error
