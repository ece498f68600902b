"""Figures that a command measures, in Markdown pages of their own (``docs/figures``), and the commit that made them.

Nobody edits those pages by hand.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from infrastructure.files import write_atomically, write_json

_SHAPES: Final = (":/recommender", ":/infrastructure", ":/sources", ":/requirements.txt")
"""What figures depend on besides the data: commits of other files do not change them."""


def page_name(title: str) -> str:
    """The name of a page of figures, without its ending: the title in lower case, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def figures_page(markdown: str, name: str, command: str) -> str:
    """A whole page of figures: which command writes it, a heading, and the figures."""
    title = name.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    return f"<!-- Written by {command} -->\n\n# {title}\n\n{markdown.strip()}\n"


def publish(markdown: str, name: str, folder: Path | None, command: str, data: Any = None) -> None:
    """Write figures as ``folder/<name>.md``, where a name may have a room ("quality/…"); print them without a folder.

    The page says by which ``command``, as a person types it, it was written; ``data``, the same figures for programs,
    is written beside it as ``<name>.json``.
    """
    if folder is None:
        sys.stdout.write(f"{markdown}\n")
        return
    target = folder / f"{name}.md"
    write_atomically(target, figures_page(markdown, name, command).encode())
    if data is not None:
        write_json(target.with_suffix(".json"), data)
    sys.stdout.write(f"wrote {target}\n")


def table(titles: Sequence[str], rows: Iterable[Iterable[str]], align: str = "") -> str:
    """A Markdown table.

    Args:
        titles: One heading a column.
        rows: One text a cell.
        align: One letter a column, "l" for words and "r" for figures; without it all but the first are figures.
    """
    letters = align or "l" + "r" * (len(titles) - 1)
    rule = ["---:" if letter == "r" else "---" for letter in letters]
    # One row after the other: a generator within a generator knows only the row that it was last given.
    return "\n".join(f"| {' | '.join(cells)} |" for cells in chain((titles, rule), rows))


def code_commit(*more: str) -> str:
    """The last commit that could change a figure: 40 hex digits, "-dirty" where files differ from it.

    "unknown" outside of a checkout. Commits of documents are skipped, so that figures that such a commit brings still
    belong to the commit that they name.
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
