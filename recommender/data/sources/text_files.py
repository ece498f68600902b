"""What all readers of foreign text files need: opening them, and the columns that must be there."""

import codecs
import gzip
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, Final, cast

from infrastructure.errors import DataError


def opened(path: Path, encoding: str) -> IO[str]:
    """A text file, compressed or not, line ends as they are; without the mark that may stand at its beginning."""
    opener = cast("Callable[..., Any]", gzip.open if path.suffix == ".gz" else open)
    unmarked = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    return opener(path, "rt", encoding=unmarked, newline="")


HEADER: Final = "\ufdd1"
"""Wanted instead of columns: the reader stops at the names of the columns, whatever its kind of file."""


class HeaderReached(Exception):  # noqa: N818 (no error: the answer)
    """What the columns of a file are called."""

    def __init__(self, present: Sequence[str]) -> None:
        self.present = [str(name) for name in present]
        super().__init__("the names of the columns are known")


def nearest(name: str, present: Sequence[str]) -> str:
    """The names that there are, in words, that which ``name`` nearly spells first."""
    near = get_close_matches(name.casefold(), folded := {str(known).casefold(): str(known) for known in present}, n=1)
    listed = f"one of: {', '.join(map(str, present)) or 'none, the file is empty'}"
    return f"'{folded[near[0]]}', or another {listed}" if near else listed


def require_columns(where: str, wanted: Sequence[str], present: Sequence[str]) -> None:
    """Check that every wanted column is there, and once.

    Raises:
        DataError: One is not, or several have its name.
        HeaderReached: ``HEADER`` is wanted.
    """
    if HEADER in wanted:
        raise HeaderReached(present)
    for name in wanted:
        if name not in present:
            raise DataError(
                "The table lacks a column.",
                where=where,
                field=name,
                expected=nearest(name, present),
            )
        if present.count(name) > 1:
            raise DataError(
                "Several columns have this name.", where=where, field=name, expected="names of which each is there once"
            )


def undecodable_line(path: Path, encoding: str) -> int | None:
    """The number of the first line that is not in ``encoding``; None where lines cannot be told apart."""
    opener = cast("Callable[..., Any]", gzip.open if path.suffix == ".gz" else open)
    with opener(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number
    return None
