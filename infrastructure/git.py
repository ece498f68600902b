"""Which commit of the code made the figures."""

import subprocess
from pathlib import Path
from typing import Final

_SHAPES: Final = (":/recommender", ":/infrastructure", ":/sources", ":/requirements.txt")
"""What figures depend on besides the data: commits of other files do not change them."""


def code_commit(*more: str) -> str:
    """The last commit that could change a figure: 40 hex digits, "-dirty" where files differ from it.

    "unknown" outside of a checkout. Commits of documents are skipped, so that figures that such a commit brings still
    belong to the commit that they name.

    Args:
        more: Other folders, from the repository's root, that the figures depend on (``:/serving``).
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
