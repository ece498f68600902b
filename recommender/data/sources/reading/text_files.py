"""What all readers of foreign text files need: opening them, and the columns that must be there."""

import codecs
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from infrastructure.errors import DataError
from recommender.data.parsing.near_names import near_name
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.compressed import content_name, open_bytes

_SAID: Final = re.compile(r'"?sep=(?P<mark>.)"?', re.IGNORECASE)
"""The first line by which Excel tells itself what stands between cells."""


@dataclass(frozen=True)
class Layout:
    """How the rows of a delimited file stand in it.

    Attributes:
        mark: Between cells.
        above: How many lines stand above the column names.
    """

    mark: str
    above: int


class MissingColumnError(DataError):
    """A table lacks a column that its source file names.

    Attributes:
        column: The name.
        present: The names that are there.
    """

    def __init__(self, where: str, column: str, present: Sequence[str]) -> None:
        self.column, self.present = column, [str(name) for name in present]
        near = near_name(column, self.present)
        spelled = f"'{near}', as it is written there; " if near else ""
        super().__init__(
            "The table lacks a column.",
            where=where,
            field=column,
            expected=f"{spelled}one of: {', '.join(self.present) or 'none, the file is empty'}",
        )


def opened(path: Path, encoding: str) -> IO[str]:
    """A text file, compressed or not, line ends as they are; without the mark that may stand at its beginning."""
    unmarked = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    return io.TextIOWrapper(open_bytes(path), encoding=unmarked, newline="")


def layout_of(path: Path, how: TableSource) -> Layout:
    """How a file's rows stand in it, by what its source says, its name, and its first line if that is Excel's."""
    with opened(path, how.encoding) as lines:
        said = _SAID.fullmatch(next(lines, "").rstrip("\r\n"))
    mark = how.mark_for(content_name(path))
    if said is None:
        return Layout(mark, how.header - 1)
    return Layout(said["mark"] if how.delimiter is None else mark, max(how.header - 1, 1))


HEADER: Final = "\ufdd1"
"""Wanted instead of columns: the reader stops at the names of the columns, whatever its kind of file."""


class HeaderReached(Exception):  # noqa: N818 (no error: the answer)
    """What the columns of a file are called."""

    def __init__(self, present: Sequence[str]) -> None:
        self.present = [str(name) for name in present]
        super().__init__("the names of the columns are known")


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
            raise MissingColumnError(where, name, present)
        if present.count(name) > 1:
            raise DataError(
                "Several columns have this name.", where=where, field=name, expected="names of which each is there once"
            )


def undecodable_line(path: Path, encoding: str) -> int | None:
    """The number of the first line that is not in ``encoding``; None where lines cannot be told apart."""
    with open_bytes(path) as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number
    return None
