"""Text files with a row a line and a mark between the cells: csv and tsv.

One quote too many would join rows, and give one product what belongs to another. So the file is read strictly, each row
has as many cells as the header, and whether quotes enclose cells (RFC 4180) or are part of the text (as in the dumps of
many databases) is decided by what fits; where both or neither do, the run stops.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Protocol, cast

import pandas as pd

from infrastructure.errors import DataError
from infrastructure.progress import note
from recommender.data.sources.description.table_source import Quoting, TableSource
from recommender.data.sources.reading.plain_text import read_plain
from recommender.data.sources.reading.text_files import layout_of, opened, require_columns

_DIALECTS: Final[dict[Quoting, dict[str, Any]]] = {
    "double": {"strict": True},
    "backslash": {"strict": True, "doublequote": False, "escapechar": "\\"},
    "none": {"quoting": csv.QUOTE_NONE},
}
_QUOTE: Final = '"'
# The word for a missing value in dumps that escape by a backslash: it is no escaped N.
_NULL: Final = re.compile(r"(?<!\\)\\N")
_SHOWN: Final = 80


class KeptRows(Protocol):
    """Takes the cells of the wanted columns, row by row: a list, or what keeps them elsewhere than in memory."""

    def append(self, row: tuple[str, ...], /) -> None:
        """Take the next row."""
        ...


_Keeper = Callable[[], KeptRows]


@dataclass(frozen=True)
class _Rows:
    """What a file holds, read with one quoting.

    Attributes:
        kept: Where the cells of the wanted columns went, row by row.
        rows: How many these are.
        further: How many lines are not the first one of their row.
        enclosed: How many cells begin and end with a quote that was not read as one.
    """

    kept: KeptRows
    rows: int
    further: int
    enclosed: int


class _MalformedError(Exception):
    """The file does not fit a quoting."""

    def __init__(self, problem: str, line: int, text: str = "") -> None:
        self.line, self.text = line, text
        super().__init__(problem)


def read_delimited(path: Path, columns: Sequence[str], how: TableSource, first: int | None = None) -> pd.DataFrame:
    """Read ``columns`` of a csv or tsv file as texts, None where a cell is empty.

    With ``first`` only so many rows are read, and what fits is decided by them.

    Raises:
        DataError: It lacks a column, or a line does not fit; the error names the line.
        OSError, ValueError, EOFError: It cannot be read at all.
    """
    plain = read_plain(path, columns, how, first)
    if plain is not None:
        return plain
    cells = cast("list[tuple[str, ...]]", read_strictly(path, columns, how, list[tuple[str, ...]], first))
    return pd.DataFrame(
        {name: pd.Series([row[at] or None for row in cells], dtype=object) for at, name in enumerate(columns)}
    )


def read_strictly(
    path: Path, columns: Sequence[str], how: TableSource, keeper: _Keeper, first: int | None = None
) -> KeptRows:
    """Read ``columns`` row by row, by the quoting that fits every line.

    Args:
        path: A csv or tsv file.
        columns: The wanted ones.
        how: What is known of the file.
        keeper: Makes what takes the rows, once for each quoting that is tried.
        first: So many rows are read, else all.

    Returns:
        What took the rows of the quoting that fits; empty cells are empty texts.

    Raises:
        DataError: As :func:`read_delimited`.
        OSError, ValueError, EOFError: As :func:`read_delimited`.
    """
    read = partial(_read, path, columns, how, keeper, first)
    try:
        rows = _fitting(path, read) if how.quoting is None else read(how.quoting)
    except _MalformedError as error:
        raise DataError(
            f"The file cannot be read: {error}",
            where=f"{path}, line {error.line}",
            value=error.text.strip("\r\n")[:_SHOWN] or None,
            expected=f"as many cells as in the header, {layout_of(path, how).mark!r} between them, and quotes around "
            "whole cells with those in the text doubled; or 'quoting: none' (they are text) or 'quoting: backslash'",
        ) from None
    if rows.further:
        note("cells with line breaks", file=path.name, rows=rows.rows, lines=rows.rows + rows.further)
    return rows.kept


def _fitting(path: Path, read: Callable[[Quoting], _Rows]) -> _Rows:
    """The rows by the quoting that fits the file: where each line is a row, quotes are text."""
    try:
        quoted = read("double")
        fault = _MalformedError("quotes enclose several lines, yet each of these could be a row", 1)
    except _MalformedError as error:
        quoted, fault = None, error
    if quoted is not None and not quoted.further:
        return quoted
    try:
        unquoted = read("none")
    except _MalformedError:
        if quoted is None:
            raise fault from None
        return quoted
    if unquoted.enclosed:
        raise fault
    note("quotes are read as text", file=path.name, rows=unquoted.rows)
    return unquoted


def _read(
    path: Path, columns: Sequence[str], how: TableSource, keeper: _Keeper, first: int | None, quoting: Quoting
) -> _Rows:
    layout = layout_of(path, how)
    lines = islice(_lines(path, how.encoding), layout.above, None)
    if quoting == "backslash":
        lines = (_NULL.sub(r"\\\\N", line) for line in lines)
    reader = csv.reader(lines, delimiter=layout.mark, **_DIALECTS[quoting])
    kept, rows, further, enclosed, last = keeper(), 0, 0, 0, layout.above
    try:
        header = next(reader, [])
        require_columns(str(path), columns, header)
        pick, width, last = _picker(header, columns), len(header), layout.above + reader.line_num
        for row in reader:
            further, last = further + layout.above + reader.line_num - last - 1, layout.above + reader.line_num
            if len(row) == width or _has_width(row, width, last):
                kept.append(pick(row))
                rows += 1
                enclosed += quoting == "none" and any(map(_is_enclosed, row))
            if rows == first:
                break
    except csv.Error as error:
        raise _MalformedError(f"a quote does not fit ({error})", last + 1) from None
    return _Rows(kept, rows, further, enclosed)


def _picker(header: Sequence[str], columns: Sequence[str]) -> Any:
    places = [header.index(name) for name in columns]
    if len(places) == 1:
        return lambda row: (row[places[0]],)
    return itemgetter(*places) if places else lambda _: ()


def _has_width(row: Sequence[str], width: int, line: int) -> bool:
    """Whether a row of another width is one, with empty cells beyond the header; false for an empty line."""
    if not row:
        return False
    if len(row) < width or any(row[width:]):
        raise _MalformedError(f"the row has {len(row)} cells, the header {width}", line, " | ".join(row))
    return True


def _is_enclosed(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] == _QUOTE


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with opened(path, encoding) as lines:
        for number, line in enumerate(lines, 1):
            if "\0" in line:
                raise _MalformedError("it holds a NUL character, so the encoding may be another", number)
            if number > 1 and line.startswith("\ufeff"):
                raise _MalformedError("another file begins here", number, line)
            yield line
