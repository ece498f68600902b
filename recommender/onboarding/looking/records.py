"""Tables whose rows say their columns themselves: JSON, Parquet, Avro, and tables that are folders."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd
import pyarrow.parquet as pq

from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import file_columns, read_file
from recommender.data.sources.reading.compressed import content_name
from recommender.data.sources.reading.frames import frame_of_objects
from recommender.data.sources.reading.json_documents import has_lines
from recommender.onboarding.found_table import FoundTable, NoTableError
from recommender.onboarding.looking.names import words_of
from recommender.onboarding.looking.pieces import encoding_keys, read_pieces, rows_estimated

_MOST_ROWS: Final = 60_000
_OF_EACH_PART: Final = 1_500
_LEAST_OBJECTS: Final = 0.5


def json_table(path: Path, shown: str) -> FoundTable:
    """Look at a file of JSON: an object a line, or a list of objects somewhere in one value.

    Raises:
        NoTableError: It holds no objects.
        DataError, OSError, EOFError, ...: It cannot be read.
    """
    pieces = read_pieces(path)
    encoding, why = encoding_keys(pieces)
    keys = dict.fromkeys(why, encoding)
    if content_name(path).suffix.lower() == ".json" and not has_lines(path, encoding):
        return replace(table_as_read(path, shown, keys), evidence=why)
    rows = _lines(
        [part.decode(encoding, errors="ignore").removeprefix("\ufeff") for part in (pieces.head, *pieces.others)]
    )
    if not rows:
        raise NoTableError("it holds no list of JSON objects, and no object a line")
    sample, members = as_frame(rows[:_MOST_ROWS])
    return FoundTable(
        path.name, words_of(path.name), {"file": shown} | keys, sample, rows_estimated(pieces, len(rows)),
        pieces.whole, why, members=members,
    )  # fmt: skip


def table_as_read(path: Path, shown: str, keys: Mapping[str, Any] | None = None) -> FoundTable:
    """Look at what names its columns itself, by the first rows that its reader gives.

    Raises:
        DataError, OSError, ...: It cannot be read.
    """
    how = TableSource.model_validate({"file": shown, "columns": {}, **(keys or {})})
    frame = read_file(path, file_columns(path, how), how, _MOST_ROWS + 1)
    sample, members = _unfolded(frame[:_MOST_ROWS])
    whole = len(frame) <= _MOST_ROWS
    return FoundTable(
        path.name, words_of(path.name), {"file": shown, **(keys or {})}, sample, len(frame) if whole else None, whole,
        members=members,
    )  # fmt: skip


def _lines(parts: Iterable[str]) -> list[dict[str, Any]]:
    lines = [line for part in parts for line in part.splitlines() if line.strip()]
    rows = [row for line in lines if (row := _object(line)) is not None]
    return rows if len(rows) >= _LEAST_OBJECTS * len(lines) else []


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", row) if isinstance(row, dict) else None


def as_frame(rows: Sequence[dict[str, Any]]) -> tuple[pd.DataFrame, frozenset[str]]:
    """Objects as a frame, and which of its columns are keys within objects, named "outer.inner"."""
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    members = frozenset(name for name in names if "." in name and name not in {key for row in rows for key in row})
    return frame_of_objects(flat, names), members


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    found = dict[str, Any]()
    for key, cell in row.items():
        if isinstance(cell, dict):
            found |= _flat(cast("dict[str, Any]", cell), f"{before}{key}.")
        else:
            found[f"{before}{key}"] = cell
    return found


def parquet_table(path: Path, shown: str) -> FoundTable:
    """Look at a Parquet file: rows of groups spread through it.

    Raises:
        OSError, ArrowInvalid: It cannot be read.
    """
    file = pq.ParquetFile(path)
    rows, groups = file.metadata.num_rows, file.metadata.num_row_groups
    if rows <= _MOST_ROWS:
        frames = [file.read().to_pandas(integer_object_nulls=True)]
    else:
        chosen = sorted({groups * at // 12 for at in range(12)}) if groups else []
        frames = [_spread(file, group) for group in chosen]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    sample, members = _unfolded(frame)
    return FoundTable(
        path.name, words_of(path.name), {"file": shown}, sample, rows, rows <= _MOST_ROWS, members=members
    )


def _spread(file: pq.ParquetFile, group: int) -> pd.DataFrame:
    """The first rows of a group: a group may be all of a large file."""
    batch = next(file.iter_batches(batch_size=_OF_EACH_PART * 4, row_groups=[group]), None)
    return batch.to_pandas(integer_object_nulls=True) if batch is not None else pd.DataFrame()


def _unfolded(frame: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[str]]:
    """Columns of objects as a column for each key."""
    folded = [str(name) for name in frame if isinstance(_first(frame[name]), dict)]
    if not folded:
        return frame, frozenset()
    parts, members = [frame.drop(columns=folded)], set[str]()
    for name in folded:
        inner, _ = as_frame([cell if isinstance(cell, dict) else {} for cell in frame[name]])
        inner.columns = pd.Index([f"{name}.{key}" for key in inner])
        inner.index = frame.index
        members |= set(map(str, inner))
        parts.append(inner)
    return pd.concat(parts, axis=1), frozenset(members)


def _first(cells: "pd.Series[Any]") -> Any:
    present = cells.dropna()
    return present.iloc[0] if len(present) else None
