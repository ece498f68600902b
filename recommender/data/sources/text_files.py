"""What all readers of foreign text files need: opening them, and the columns that must be there."""

import codecs
import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, cast

from infrastructure.errors import DataError


def opened(path: Path, encoding: str) -> IO[str]:
    """A text file, compressed or not, line ends as they are; without the mark that may stand at its beginning."""
    opener = cast("Callable[..., Any]", gzip.open if path.suffix == ".gz" else open)
    unmarked = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    return opener(path, "rt", encoding=unmarked, newline="")


def require_columns(where: str, wanted: Sequence[str], present: Sequence[str]) -> None:
    """Check that every wanted column is there, and once.

    Raises:
        DataError: One is not, or several have its name.
    """
    for name in wanted:
        if name not in present:
            raise DataError(
                "The table lacks a column.",
                where=where,
                field=name,
                expected=f"one of: {', '.join(map(str, present)) or 'none, the file is empty'}",
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
