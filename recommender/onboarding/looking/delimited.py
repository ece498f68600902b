"""A csv or tsv file: its dialect and encoding, and rows from all over it."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.looking.dialects import Dialect, dialect_of
from recommender.onboarding.looking.encodings import encoding_of
from recommender.onboarding.looking.names import words_of
from recommender.onboarding.looking.pieces import Pieces, read_pieces

_HEAD: Final = 400_000
"""Characters by which the dialect is found."""


class NoTableError(Exception):
    """A file holds no table that can be read here; the message says why."""


def delimited_table(path: Path, shown: str) -> FoundTable:
    """Look at a csv or tsv file.

    Args:
        path: The file.
        shown: Its path as the source file names it.

    Raises:
        NoTableError: It has no columns, or nothing names them.
        OSError, EOFError: It cannot be read.
    """
    pieces = read_pieces(path)
    encoding, why = encoding_of(pieces.head)
    head = _text(pieces.head, encoding)
    dialect = dialect_of(head[:_HEAD])
    if dialect is None:
        raise NoTableError("no sign parts its lines into cells" if head.strip() else "it is empty")
    if dialect.nameless:
        first = ", ".join(dialect.names[:3])
        raise NoTableError(f"no line names its columns: the first one is '{first} …'; write a line of names above it")
    rows = dialect.rows(head)
    for piece in pieces.others if not encoding.startswith("utf-16") else ():
        rows += dialect.rows(_text(piece, encoding), header=False)
    reading, evidence = _reading(path, shown, dialect, encoding, why)
    return FoundTable(
        name=path.name,
        words=words_of(path.name),
        reading=reading,
        sample=_frame(rows, dialect),
        rows=_estimated(pieces, rows),
        whole=pieces.whole,
        evidence=evidence,
    )


def _text(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="ignore").removeprefix("\ufeff").replace("\0", "")


def _reading(
    path: Path, shown: str, dialect: Dialect, encoding: str, why: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The keys that differ from what holds without them, and why."""
    usual = "\t" if ".tsv" in path.name.lower() else ","
    reading, evidence = dict[str, Any](file=shown), dict[str, str]()
    if dialect.mark != usual:
        reading["delimiter"] = "\\t" if dialect.mark == "\t" else dialect.mark
        evidence["delimiter"] = f"it parts {dialect.steady:.0%} of the lines looked at into {len(dialect.names)} cells"
    if encoding != "utf-8":
        reading["encoding"], evidence["encoding"] = encoding, why
    if dialect.quoting is not None:
        reading["quoting"] = dialect.quoting
        evidence["quoting"] = "quotes within cells follow a backslash, or enclose nothing"
    if dialect.header > 1:
        reading["header"] = dialect.header
        evidence["header"] = "the lines before it are no row of the table"
    return reading, evidence


def _frame(rows: list[list[str]], dialect: Dialect) -> pd.DataFrame:
    cells = ([cell if cell.strip() else None for cell in row] for row in rows)
    frame = pd.DataFrame(cells, columns=pd.Index(dialect.names), dtype=object)
    # A column without a name, or with another's, cannot be meant by a source file.
    return frame.loc[:, [bool(name.strip()) and dialect.names.count(name) == 1 for name in dialect.names]]


def _estimated(pieces: Pieces, rows: list[list[str]]) -> int | None:
    if pieces.whole or pieces.size is None:
        return len(rows) if pieces.whole else None
    read = len(pieces.head) + sum(map(len, pieces.others))
    return round(len(rows) * pieces.size / max(read, 1))
