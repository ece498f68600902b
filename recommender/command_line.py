"""How every command ends: a mistake that a person can mend is one message and an exit code, never a traceback."""

import sys
from collections.abc import Callable
from typing import Final

from recommender.errors import RecommenderError

FAILED: Final = 1
INTERRUPTED: Final = 130
"""Exit code of a command that Ctrl-C ended, as shells use it."""


def exit_code(command: Callable[[], int | None], interrupted: str = "") -> int:
    """Run ``command``; its own exit code (None is 0), ``FAILED`` after a RecommenderError, or ``INTERRUPTED``.

    Args:
        command: What to do.
        interrupted: What to tell whoever pressed Ctrl-C.
    """
    try:
        return command() or 0
    except RecommenderError as error:
        sys.stderr.write(f"Error: {error}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write(f"{interrupted}\n" if interrupted else "")
        return INTERRUPTED
