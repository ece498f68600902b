"""Foreign files as frames, with cells as they are in the files: which reader a name asks for."""

import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.errors import DataError
from recommender.data.parsing.json_texts import SURROGATE
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.avro import avro_frames
from recommender.data.sources.reading.compressed import COMPRESSIONS, content_name
from recommender.data.sources.reading.delimited import read_delimited
from recommender.data.sources.reading.folders import folder_frames
from recommender.data.sources.reading.frames import frame_of_objects, together
from recommender.data.sources.reading.json_documents import document_frames, each_once, has_lines
from recommender.data.sources.reading.spreadsheets import SUFFIXES, sheet_frames
from recommender.data.sources.reading.text_files import (
    HEADER,
    HeaderReached,
    MissingColumnError,
    opened,
    require_columns,
    undecodable_line,
)
from recommender.data.sources.sniffing.advice import column_advice, encoding_advice, true_kind

UNREADABLE: Final = (
    OSError,
    ValueError,
    EOFError,
    LookupError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    pa.ArrowException,
)
"""What readers raise for a file that is not of its format."""

_BATCH: Final = 1 << 16


class _Reader(Protocol):
    """Reads columns of a file; with a number, so many rows of it at most."""

    def __call__(
        self, path: Path, columns: Sequence[str], how: TableSource, first: int | None = None, /
    ) -> pd.DataFrame: ...


def read_files(
    paths: Sequence[Path], columns: Sequence[str], how: TableSource, first: int | None = None
) -> pd.DataFrame:
    """Read ``columns`` of files one after another; a column that is not of one type in all of them holds objects.

    Args:
        paths: The files, at least one.
        columns: Those that each must have.
        how: What is known of the files.
        first: So many rows are read, and no more of the files than they need; else all.

    Raises:
        DataError: As :func:`read_file`, but of several files some may have no rows.
    """
    if len(paths) == 1:
        return read_file(paths[0], columns, how, first)
    frames, left = list[pd.DataFrame](), first
    for path in paths:
        if left == 0:
            break
        frames.append(_read(path, columns, how, left))
        left = None if left is None else left - len(frames[-1])
    return _with_rows(_one_after_another(frames), how.place)


def _one_after_another(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    frames = [frame for frame in frames if len(frame)] or frames[:1]
    odd = [name for name in frames[0] if len({frame[name].dtype for frame in frames}) > 1]
    # As objects, for whole numbers beside others would become floats, and long ids lose digits.
    return pd.concat([frame.astype(dict.fromkeys(odd, object)) for frame in frames], ignore_index=True)


def read_file(path: Path, columns: Sequence[str], how: TableSource, first: int | None = None) -> pd.DataFrame:
    """Read ``columns`` of a file, every row, in order; cells of a csv or tsv file are texts.

    With ``first`` only so many rows, and no more of the file than they need where its format allows that.

    Raises:
        DataError: There is no such file, it is not of its format, it lacks a column or has no rows.
    """
    return _with_rows(_read(path, columns, how, first), str(path))


def _with_rows(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    if frame.empty:
        raise DataError("The table has no rows.", where=where, expected="at least one row")
    return frame


def _read(path: Path, columns: Sequence[str], how: TableSource, first: int | None) -> pd.DataFrame:
    with _readable(path, columns, how):
        return _reader(path)(path, columns, how, first)


@contextmanager
def _readable(path: Path, columns: Sequence[str], how: TableSource) -> Generator[None]:
    """What cannot be read within the block is an error that says so, and how it can.

    Raises:
        DataError: There is no such file, it is not of its format or lacks a column.
    """
    try:
        yield
    except MissingColumnError as error:
        raise _advised(error, path, columns, how) from None
    except FileNotFoundError:
        raise DataError(
            "There is no such file.", where=str(path), field="file", expected="a path relative to the source file"
        ) from None
    except UNREADABLE as error:
        raise _unreadable(error, path, how) from error


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


def _advised(error: MissingColumnError, path: Path, columns: Sequence[str], how: TableSource) -> DataError:
    """The error with what would mend it, where that can be told from the file."""
    kind = true_kind(path) if path.is_file() else None
    advice = kind or column_advice(path, columns, error.present, how)
    expected = f"{advice} (there are: {', '.join(error.present)})" if advice else error.expected
    return DataError(error.problem, where=error.where, field=error.field, expected=expected)


def _unreadable(error: BaseException, path: Path, how: TableSource) -> DataError:
    undecodable = isinstance(error, UnicodeError)
    line = undecodable_line(path, how.encoding) if undecodable else None
    advice = true_kind(path) if path.is_file() else None
    if advice is None and undecodable:
        advice = encoding_advice(path, how.encoding)
    return DataError(
        f"The file cannot be read: {_one_line(error)}",
        where=f"{path}, line {line}" if line else str(path),
        expected=advice or _whole_file(path, how),
    )


def _whole_file(path: Path, how: TableSource) -> str:
    if _suffix(path) in SUFFIXES:
        return f"a whole {_suffix(path)} file without a password"
    return f"a whole {_suffix(path)} file in {how.encoding}, or another 'encoding'"


def _parquet(path: Path, columns: Sequence[str], _: TableSource, first: int | None = None) -> pd.DataFrame:
    require_columns(str(path), columns, pq.read_schema(path).names)
    # A name with a dot would be a part of a column to the reader of batches.
    heads = first is not None and not any("." in name for name in columns)
    rows = _parquet_head(path, columns, first or 0) if heads else pq.read_table(path, columns=list(columns))
    # Whole numbers with gaps stay whole: as floats, long ids would lose digits.
    return rows.slice(0, first).to_pandas(integer_object_nulls=True)


def _parquet_head(path: Path, columns: Sequence[str], first: int) -> pa.Table:
    with pq.ParquetFile(path) as file:
        batches, left = list[pa.RecordBatch](), first
        for batch in file.iter_batches(min(first, _BATCH), columns=list(columns)):
            batches.append(batch.slice(0, left))
            left -= len(batches[-1])
            if not left:
                break
        return (
            pa.Table.from_batches(batches, None if batches else file.schema_arrow)
            .select(list(columns))
            .replace_schema_metadata()
        )


def _jsonl(path: Path, columns: Sequence[str], how: TableSource, first: int | None = None) -> pd.DataFrame:
    rows = list(islice(json_rows(path, how), first))
    present = list(dict.fromkeys(key for row in rows for key in row))
    if rows:
        require_columns(str(path), columns, present)
    return frame_of_objects(rows, columns)


def json_rows(path: Path, how: TableSource) -> Iterator[dict[str, Any]]:
    """The objects of a file that has one a line.

    Raises:
        DataError: A line is none.
    """
    with opened(path, how.encoding) as lines:
        yield from (_object(path, number, line) for number, line in enumerate(lines, 1) if line.strip())


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=each_once)
        if SURROGATE.search(line):
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


def _json(path: Path, columns: Sequence[str], how: TableSource, first: int | None = None) -> pd.DataFrame:
    return (_jsonl if has_lines(path, how.encoding) else _whole(document_frames))(path, columns, how, first)


def _whole(frames: Callable[[Path, Sequence[str], TableSource], Iterator[pd.DataFrame]]) -> _Reader:
    """What reads the frames of a file as one."""
    return lambda path, columns, how, first=None: together(frames(path, columns, how), first)


_TEXTS: Final[dict[str, _Reader]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".tab": read_delimited,
    ".txt": read_delimited,
    ".dat": read_delimited,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
}
"""Readers of texts, which may be compressed."""

_READERS: Final[dict[str, _Reader]] = {
    **_TEXTS,
    ".parquet": _parquet,
    ".avro": _whole(avro_frames),
    **dict.fromkeys(SUFFIXES, _whole(sheet_frames)),
}

TEXTS: Final = tuple(_TEXTS)
READABLE: Final = tuple(_READERS)
"""Ends of the names of all files that can be read; those of ``TEXTS`` also compressed."""


def _reader(path: Path) -> _Reader:
    if path.is_dir():
        return _whole(folder_frames)
    content = content_name(path) if path.is_file() else path
    found = (_READERS if content == path else _TEXTS).get(content.suffix.lower())
    if found is not None:
        return found
    raise DataError(
        "This kind of file cannot be read.",
        where=str(path),
        field="file",
        value=_suffix(path),
        expected=f"one of: {', '.join(_READERS)}; {', '.join(_TEXTS)} also compressed: {', '.join(COMPRESSIONS)}",
    )


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:]) if path.suffix in COMPRESSIONS else path.suffix


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
