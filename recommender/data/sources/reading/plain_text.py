"""The quick way to read a csv or tsv file in which nothing is odd: no quote anywhere, each line as wide as the header.

Where there is nothing to decide, Arrow reads the cells that the strict reader would, in a third of the time. Whatever
it stumbles over, it leaves the whole file to that reader, which names the line.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading.compressed import open_bytes
from recommender.data.sources.reading.text_files import Layout, layout_of, opened, require_columns

_UTF8: Final = ("utf-8", "utf-8-sig")
_MARK: Final = codecs.BOM_UTF8
_ODD: Final = (b'"', b"\0", _MARK)
"""What the strict reader decides about: quotes, another encoding, and a file behind a file."""

_CHUNK: Final = 1 << 20
_BLOCK: Final = 1 << 23
"""Bytes that are parsed together; no line may be longer."""


def read_plain(path: Path, columns: Sequence[str], how: TableSource, first: int | None = None) -> pd.DataFrame | None:
    """Read ``columns`` as texts, None where a cell is empty; or nothing where the file may be read in two ways.

    With ``first`` only so many rows are read, and nothing behind them is looked at.

    Raises:
        DataError: It lacks a column.
        OSError, ValueError, EOFError: It cannot be read at all.
    """
    try:
        batches = plain_batches(path, columns, how, first)
        if batches is None:
            return None
        table = pa.Table.from_batches(batches, pa.schema([(name, pa.string()) for name in columns]))
    except pa.ArrowInvalid:
        return None
    cells = [pd.Series(column.to_numpy(), dtype=object) for column in table.columns]
    return pd.DataFrame(dict(zip(columns, cells, strict=True)), columns=list(columns))


def plain_batches(
    path: Path, columns: Sequence[str], how: TableSource, first: int | None = None
) -> Iterator[pa.RecordBatch] | None:
    """The same as batches of texts, missing where a cell is empty, so that memory does not grow with the file.

    Raises:
        DataError: It lacks a column.
        pa.ArrowInvalid: While the batches are read: after all, it is for the strict reader.
        OSError, ValueError, EOFError: It cannot be read at all.
    """
    layout = layout_of(path, how)
    utf8 = codecs.lookup(how.encoding).name in _UTF8
    lines = None if first is None else first + layout.above + 1
    if not (columns and utf8 and layout.mark.isascii()) or how.quoting == "backslash" or _is_odd(path, lines):
        return None
    with opened(path, how.encoding) as content:
        header = next(csv.reader(islice(content, layout.above, None), delimiter=layout.mark), [])
    if not header:
        return None
    require_columns(str(path), columns, header)
    return _batches(path, columns, header, layout, first)


def _batches(
    path: Path, columns: Sequence[str], header: Sequence[str], layout: Layout, first: int | None
) -> Iterator[pa.RecordBatch]:
    """Batches of ``columns``; within Arrow they are named by their numbers, as foreign names may repeat."""
    names = [str(place) for place in range(len(header))]
    wanted = [names[header.index(name)] for name in columns]
    left = first
    with open_bytes(path) as content:
        reader = arrow_csv.open_csv(
            content,
            arrow_csv.ReadOptions(column_names=names, skip_rows=layout.above + 1, block_size=_BLOCK),
            arrow_csv.ParseOptions(delimiter=layout.mark, quote_char=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        for batch in reader:
            yield batch.slice(0, left).rename_columns(list(columns))
            left = None if left is None else left - min(left, len(batch))
            if left == 0:
                return


def _is_odd(path: Path, lines: int | None) -> bool:
    """Whether anything is odd, in the first ``lines`` or anywhere."""
    with open_bytes(path) as content:
        before, chunk, seen = b"", content.read(_CHUNK).removeprefix(_MARK), 0
        while chunk and (lines is None or seen < lines):
            together = before + chunk
            if any(sign in together for sign in _ODD):
                return True
            seen += chunk.count(b"\n")
            before, chunk = chunk[1 - len(_MARK) :], content.read(_CHUNK)
    return False
