"""Figures within a document that people write: between two marks the command writes, elsewhere nobody but they."""

import re
from pathlib import Path
from typing import Final

from recommender.errors import ConfigError
from recommender.files import write_whole

_END: Final = "<!-- end of figures -->"


def mark(name: str, split: str) -> str:
    """The line after which the figures of a data set by a split stand."""
    return f"<!-- figures of {name}, split {split}: written by make benchmark-quality -->"


def write_figures(document: Path, name: str, split: str, figures: str) -> None:
    """Put ``figures`` in the place of what stands between their marks; nothing else of the document changes.

    Raises:
        ConfigError: The document is missing, or has no such marks.
    """
    start = mark(name, split)
    if not document.is_file():
        raise ConfigError("There is no such document.", where=str(document), expected="a Markdown file")
    between = re.compile(f"({re.escape(start)}\n).*?({re.escape(_END)})", re.DOTALL)
    text, found = between.subn(
        lambda match: f"{match[1]}\n{figures}\n\n{match[2]}", document.read_text(encoding="utf-8")
    )
    if found != 1:
        raise ConfigError(
            f"The document has {found} places for these figures.",
            where=str(document),
            expected=f"the lines {start} and {_END}, once",
        )
    write_whole(document, text.encode())
