"""One foreign file as a frame: csv, tsv, parquet or jsonl, with cells as they are in the file."""

import json
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.errors import DataError
from recommender.data.sources.delimited import read_delimited
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.text_files import (
    HEADER,
    HeaderReached,
    opened,
    require_columns,
    undecodable_line,
)

_UNREADABLE: Final = (OSError, ValueError, EOFError, LookupError, zlib.error, pa.ArrowException)
# Where a character may be half a pair, which no file can hold.
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


def read_file(path: Path, columns: Sequence[str], how: TableSource) -> pd.DataFrame:
    """Read ``columns`` of a file, every row, in order; cells of a csv or tsv file are texts.

    Raises:
        DataError: There is no such file, it is not of its format, it lacks a column or has no rows.
    """
    reader = _reader(path)
    try:
        frame = reader(path, columns, how)
    except FileNotFoundError:
        raise DataError(
            "There is no such file.", where=str(path), field="file", expected="a path relative to the source file"
        ) from None
    except _UNREADABLE as error:
        line = undecodable_line(path, how.encoding) if isinstance(error, UnicodeDecodeError) else None
        raise DataError(
            f"The file cannot be read: {_one_line(error)}",
            where=f"{path}, line {line}" if line else str(path),
            expected=f"a whole {_suffix(path)} file in {how.encoding}, or another 'encoding'",
        ) from error
    if frame.empty:
        raise DataError("The table has no rows.", where=str(path), expected="at least one row")
    return frame


def file_columns(path: Path, how: TableSource) -> list[str]:
    """The names of a file's columns, in order; none where the file is empty.

    Raises:
        DataError: As of :func:`read_file`.
    """
    try:
        read_file(path, [HEADER], how)
    except HeaderReached as found:
        return found.present
    return []


def _parquet(path: Path, columns: Sequence[str], _: TableSource) -> pd.DataFrame:
    require_columns(str(path), columns, pq.read_schema(path).names)
    # Whole numbers with gaps stay whole: as floats, long ids would lose digits.
    return pq.read_table(path, columns=list(columns)).to_pandas(integer_object_nulls=True)


def _jsonl(path: Path, columns: Sequence[str], how: TableSource) -> pd.DataFrame:
    with opened(path, how.encoding) as lines:
        rows = [_object(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    present = list(dict.fromkeys(key for row in rows for key in row))
    if rows:
        require_columns(str(path), columns, present)
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=_each_once)
        if _SURROGATE.search(line):
            json.dumps(row, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        row = None
    if isinstance(row, dict):
        return cast("dict[str, Any]", row)
    raise DataError(
        "A line is no JSON object.",
        where=f"{path}, line {number}",
        value=line[:80],
        expected="one object a line, in which no key stands twice and no character is half a pair",
    )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


_READERS: Final[dict[str, Callable[[Path, Sequence[str], TableSource], pd.DataFrame]]] = {
    ".csv": read_delimited,
    ".csv.gz": read_delimited,
    ".tsv": read_delimited,
    ".tsv.gz": read_delimited,
    ".parquet": _parquet,
    ".jsonl": _jsonl,
    ".jsonl.gz": _jsonl,
}


def _reader(path: Path) -> Callable[[Path, Sequence[str], TableSource], pd.DataFrame]:
    for suffix, reader in _READERS.items():
        if path.name.lower().endswith(suffix):
            return reader
    raise DataError(
        "This kind of file cannot be read.",
        where=str(path),
        field="file",
        value=_suffix(path),
        expected=f"one of: {', '.join(_READERS)}",
    )


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
