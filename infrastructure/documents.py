"""Figures within a document that people write: between two marks a command writes, elsewhere nobody but they."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from infrastructure.errors import ConfigError
from infrastructure.files import write_atomically

END: Final = "<!-- end of figures -->"


def mark(what: str, command: str) -> str:
    """The line after which figures stand, with the command that writes them."""
    return f"<!-- {what}: written by {command} -->"


def write_between(document: Path, start: str, figures: str) -> None:
    """Put ``figures`` in the place of what stands between the line ``start`` and the next end of figures.

    Raises:
        ConfigError: The document is missing, or has not one such place.
    """
    if not document.is_file():
        raise ConfigError("There is no such document.", where=str(document), expected="a Markdown file")
    between = re.compile(f"({re.escape(start)}\n).*?({re.escape(END)})", re.DOTALL)
    text, found = between.subn(
        lambda match: f"{match[1]}\n{figures}\n\n{match[2]}", document.read_text(encoding="utf-8")
    )
    if found != 1:
        raise ConfigError(
            f"The document has {found} places for these figures.",
            where=str(document),
            expected=f"the lines {start} and {END}, once",
        )
    write_atomically(document, text.encode())


def publish(figures: str, start: str, document: Path | None) -> None:
    """Print figures, and put them into their place in a document where one is named (:func:`write_between`)."""
    sys.stdout.write(f"{figures}\n")
    if document:
        write_between(document, start, figures)


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


def folded(found: Any) -> str:
    """Figures as JSON that a reader of a document unfolds."""
    text = json.dumps(found, separators=(",", ":"))
    return f"<details><summary>The same as JSON</summary>\n\n```json\n{text}\n```\n\n</details>"
