"""What every command has in common: the options that several take, and how it ends.

A mistake that a person can mend is one message and an exit code, never a traceback.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infrastructure.errors import RecommenderError

FAILED: Final = 1
INTERRUPTED: Final = 130
"""Exit code of a command that Ctrl-C ended, as shells use it."""


def take_source(parser: argparse.ArgumentParser) -> None:
    """Let a command be told its data set."""
    parser.add_argument("--source", type=Path, required=True, help="YAML file of the data set")


def take_config(parser: argparse.ArgumentParser) -> None:
    """Let a command be told other parameters."""
    parser.add_argument("--config", type=Path, help="YAML file of the parameters that differ from the defaults")


def take_document(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where its figures shall stand (:mod:`infrastructure.documents`)."""
    parser.add_argument("--write-docs", type=Path, help="Markdown file that takes up the figures between its marks")


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
