"""A csv or tsv file: its dialect and encoding, and rows from all over it."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.compressed import content_name
from recommender.data.sources.sniffing.dialects import Dialect, dialect_of
from recommender.onboarding.found_table import FoundTable, NoTableError
from recommender.onboarding.looking.names import words_of
from recommender.onboarding.looking.pieces import encoding_keys, read_pieces, rows_estimated

_HEAD: Final = 400_000
"""Characters by which the dialect is found."""


def delimited_table(path: Path, shown: str) -> FoundTable:
    """Look at a csv or tsv file.

    Args:
        path: The file.
        shown: Its path as the source file names it.

    Raises:
        NoTableError: It has no columns, or nothing names them.
        DataError, OSError, EOFError, ...: As :func:`read_pieces`.
    """
    pieces = read_pieces(path)
    encoding, why = encoding_keys(pieces)
    head = _text(pieces.head, encoding)
    dialect = dialect_of(head[:_HEAD])
    if dialect is None:
        raise NoTableError("no sign parts its lines into cells" if head.strip() else "it is empty")
    if dialect.nameless:
        first = ", ".join(dialect.names[:3])
        raise NoTableError(f"no line names its columns: the first one is '{first} …'; write a line of names above it")
    rows = dialect.rows(head)
    for piece in pieces.others if not encoding.startswith(("utf-16", "utf-32")) else ():
        rows += dialect.rows(_text(piece, encoding), header=False)
    reading, evidence = _reading(path, shown, dialect)
    return FoundTable(
        name=path.name,
        words=words_of(path.name),
        reading=reading | dict.fromkeys(why, encoding),
        sample=_frame(rows, dialect),
        rows=rows_estimated(pieces, len(rows)),
        whole=pieces.whole,
        evidence=evidence | why,
    )


def _text(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="ignore").removeprefix("\ufeff").replace("\0", "")


def _reading(path: Path, shown: str, dialect: Dialect) -> tuple[dict[str, Any], dict[str, str]]:
    """The keys that differ from what holds without them, and why."""
    usual = TableSource.model_validate({"file": shown, "columns": {}}).mark_for(content_name(path))
    reading, evidence = dict[str, Any](file=shown), dict[str, str]()
    if dialect.mark != usual:
        reading["delimiter"] = "\\t" if dialect.mark == "\t" else dialect.mark
        evidence["delimiter"] = f"it parts {dialect.steady:.0%} of the lines looked at into {len(dialect.names)} cells"
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
