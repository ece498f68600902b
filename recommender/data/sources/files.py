"""One foreign file as a frame: csv, csv.gz, parquet or jsonl, with cells as they are in the file."""

import gzip
import json
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.errors import DataError
from recommender.data.sources.source import TableSource

_UNREADABLE: Final = (OSError, ValueError, EOFError, zlib.error, pd.errors.ParserError, pa.ArrowException)


def read_file(path: Path, columns: Sequence[str], how: TableSource) -> pd.DataFrame:
    """Read ``columns`` of a file, every row, in order; cells of a csv file are texts.

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
        raise DataError(
            f"The file cannot be read: {_one_line(error)}",
            where=str(path),
            expected=f"a whole {_suffix(path)} file in {how.encoding}, cells separated by {how.delimiter!r} if csv",
        ) from error
    if frame.empty:
        raise DataError("The table has no rows.", where=str(path), expected="at least one row")
    return frame


def _csv(path: Path, columns: Sequence[str], how: TableSource) -> pd.DataFrame:
    options: dict[str, Any] = {"sep": how.delimiter, "encoding": how.encoding, "dtype": str}
    header = [] if path.stat().st_size == 0 else [str(name) for name in pd.read_csv(path, nrows=0, **options)]
    require_columns(str(path), columns, header)
    # All columns, though only some are needed: else pandas would silently ignore cells beyond the header.
    rows = pd.read_csv(path, **options)
    if not isinstance(rows.index, pd.RangeIndex):
        raise ValueError("the rows have more cells than the header")
    return rows[list(columns)]


def _parquet(path: Path, columns: Sequence[str], _: TableSource) -> pd.DataFrame:
    require_columns(str(path), columns, pq.read_schema(path).names)
    # Whole numbers with gaps stay whole: as floats, long ids would lose digits.
    return pq.read_table(path, columns=list(columns)).to_pandas(integer_object_nulls=True)


def _jsonl(path: Path, columns: Sequence[str], how: TableSource) -> pd.DataFrame:
    opener = cast("Callable[..., Any]", gzip.open if path.suffix == ".gz" else open)
    with opener(path, "rt", encoding=how.encoding) as lines:
        rows = [_object(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    present = list(dict.fromkeys(key for row in rows for key in row))
    if rows:
        require_columns(str(path), columns, present)
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if isinstance(row, dict):
        return cast("dict[str, Any]", row)
    raise DataError(
        "A line is no JSON object.", where=f"{path}, line {number}", value=line[:80], expected="one object a line"
    )


_READERS: Final[dict[str, Callable[[Path, Sequence[str], TableSource], pd.DataFrame]]] = {
    ".csv": _csv,
    ".csv.gz": _csv,
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


def require_columns(where: str, wanted: Sequence[str], present: Sequence[str]) -> None:
    """Check that every wanted column is there.

    Raises:
        DataError: One is not.
    """
    for name in wanted:
        if name not in present:
            raise DataError(
                "The table lacks a column.",
                where=where,
                field=name,
                expected=f"one of: {', '.join(map(str, present)) or 'none, the file is empty'}",
            )


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
