"""Figures that a command measures, in Markdown pages of their own (``docs/figures``): nobody edits those by hand."""

import re
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from infrastructure.files import write_atomically, write_json


def page_name(title: str) -> str:
    """The name of a page of figures, without its ending: the title in lower case, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def figures_page(markdown: str, name: str, command: str) -> str:
    """A whole page of figures: which command writes it, a heading, and the figures."""
    return f"<!-- Written by {command} -->\n\n# {name.replace('-', ' ').capitalize()}\n\n{markdown.strip()}\n"


def publish(markdown: str, name: str, folder: Path | None, command: str, data: Any = None) -> None:
    """Write figures as ``folder/<name>.md``; print them where no folder is named.

    Args:
        markdown: The figures.
        name: Of the page, without its ending (:func:`page_name`).
        folder: Of pages of figures, such as ``docs/figures``; made where it is missing.
        command: What writes them, as a person types it.
        data: The same figures for programs, written beside the page as ``<name>.json``.
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
