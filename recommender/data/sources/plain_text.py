"""The quick way to read a csv or tsv file in which nothing is odd: no quote anywhere, each line as wide as the header.

Where there is nothing to decide, Arrow reads the cells that the strict reader would, in a third of the time. Whatever
it stumbles over, it leaves the whole file to that reader, which names the line.
"""

import codecs
import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from recommender.data.sources.compressed import open_bytes
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.text_files import Layout, layout_of, opened, require_columns

_UTF8: Final = ("utf-8", "utf-8-sig")
_MARK: Final = codecs.BOM_UTF8
_ODD: Final = (b'"', b"\0", _MARK)
"""What the strict reader decides about: quotes, another encoding, and a file behind a file."""

_CHUNK: Final = 1 << 20


def read_plain(path: Path, columns: Sequence[str], how: TableSource) -> pd.DataFrame | None:
    """Read ``columns`` as texts, None where a cell is empty; or nothing where the file may be read in two ways.

    Raises:
        DataError: It lacks a column.
        OSError, ValueError, EOFError: It cannot be read at all.
    """
    layout = layout_of(path, how)
    mark = layout.mark
    utf8 = codecs.lookup(how.encoding).name in _UTF8
    if not (columns and utf8 and mark.isascii()) or how.quoting == "backslash" or _is_odd(path):
        return None
    with opened(path, how.encoding) as lines:
        header = next(csv.reader(islice(lines, layout.above, None), delimiter=mark), [])
    if not header:
        return None
    require_columns(str(path), columns, header)
    try:
        cells = _cells(path, [header.index(name) for name in columns], len(header), layout)
    except pa.ArrowInvalid:
        return None
    return pd.DataFrame(dict(zip(columns, cells, strict=True)), columns=list(columns))


def _cells(path: Path, places: Sequence[int], width: int, layout: Layout) -> list["pd.Series[Any]"]:
    """The columns at ``places``, texts; columns are named by their numbers, as foreign names may repeat."""
    names = [str(place) for place in range(width)]
    wanted = [names[place] for place in places]
    with open_bytes(path) as content:
        table = arrow_csv.read_csv(
            content,
            arrow_csv.ReadOptions(column_names=names, skip_rows=layout.above + 1),
            arrow_csv.ParseOptions(delimiter=layout.mark, quote_char=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()),
                include_columns=wanted,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    return [pd.Series(table[name].to_numpy(), dtype=object) for name in wanted]


def _is_odd(path: Path) -> bool:
    with open_bytes(path) as content:
        before, chunk = b"", content.read(_CHUNK).removeprefix(_MARK)
        while chunk:
            together = before + chunk
            if any(sign in together for sign in _ODD):
                return True
            before, chunk = chunk[1 - len(_MARK) :], content.read(_CHUNK)
    return False
