"""Which commit the figures are of."""

import subprocess
from pathlib import Path
from typing import Final

_SHAPES: Final = (":/recommender", ":/infrastructure", ":/sources", ":/requirements.txt")
"""What figures follow from, besides the data: a commit of other files changes none."""


def commit(*more: str) -> str:
    """The last commit that could change a figure, marked where files differ from it (40 hex digits).

    Args:
        more: Other folders, from the repository's root, that the figures follow from (``:/serving``).

    "unknown" outside of a checkout. Commits of documents are passed over, so that the figures that one of them
    brings are still those of the commit they name.
    """
    try:
        found = _git("log", "-1", "--format=%H", "--", *_SHAPES, *more)
        changed = _git("status", "--porcelain", "--", *_SHAPES, *more)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{found}-dirty" if changed else found or "unknown"


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    found = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)  # noqa: S603
    return found.stdout.strip()
