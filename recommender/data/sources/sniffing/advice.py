"""Why a file lacks a column or cannot be read: the key of the source file that would mend it, or what it really is."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.reading import spreadsheets
from recommender.data.sources.reading.compressed import COMPRESSIONS, content_name
from recommender.data.sources.reading.text_files import Layout, layout_of
from recommender.data.sources.sniffing.contents import content_suffix
from recommender.data.sources.sniffing.dialects import dialect_of
from recommender.data.sources.sniffing.encodings import likely_encoding
from recommender.data.sources.sniffing.rows import DELIMITERS, cells_of, header_with
from recommender.data.sources.sniffing.samples import encoding_of, sample_bytes, sample_lines

_ROWS: Final = 30
_SHOWN: Final = 12

_NO_TABLES: Final = {
    ".html": "a web page: the shop may have asked for a login or answered an error; export it again",
    ".xml": "XML: export it as csv or xlsx",
    ".pdf": "a PDF: export the table as csv or xlsx",
    ".7z": "a 7z archive: unpack it",
    ".rar": "a RAR archive: unpack it",
    ".sqlite": "an SQLite database: read it with 'sql'",
}

_ALIKE: Final = {
    ".lzma": (".xz",),
    ".zstd": (".zst",),
    ".xlsm": (".xlsx", ".zip"),
    ".xlsx": (".zip",),
    ".xlsb": (".zip",),
    ".ods": (".zip",),
    ".jsonl": (".json",),
    ".ndjson": (".json",),
}
"""Ends of names by what may be in such files: a spreadsheet that is cut off is an archive of nothing."""


class _Header(NamedTuple):
    """Where wanted names stand: how the file would be read, how many are there, and all names of the row."""

    encoding: str
    mark: str
    line: int
    found: int
    names: list[str]


def true_kind(path: Path) -> str | None:
    """What a file is, as advice, where its content is of another kind than its name says; else None."""
    there, called = content_suffix(path), path.suffix.lower()
    if there in _NO_TABLES:
        return f"a table; this is {_NO_TABLES[there]}"
    if there is None:
        plain = called in COMPRESSIONS or called in spreadsheets.SUFFIXES
        return f"a {called} file; this is a text: rename it, and write 'file: {_as_text(path)}'" if plain else None
    if there == called or there in _ALIKE.get(called, ()):
        return None
    name = f"{path.name}{there}" if there in COMPRESSIONS else path.with_suffix(there).name
    return f"a {called} file; this is one of the kind {there}: rename it, and write 'file: {name}'"


def _as_text(path: Path) -> str:
    return path.stem if path.suffix.lower() in COMPRESSIONS else f"{path.stem}.csv"


def encoding_advice(path: Path, encoding: str) -> str | None:
    """The encoding to name where a text is not in the one that its source says."""
    likely = encoding_of(path)
    return None if likely is None or likely == encoding.lower() else f"add 'encoding: {likely}' to the table"


def column_advice(path: Path, columns: Sequence[str], present: Sequence[str], how: TableSource) -> str | None:
    """What to write so that a column is found that a file seems to lack.

    Args:
        path: A text or a spreadsheet; of other files nothing is known.
        columns: All that the source wants of it.
        present: The names that were found.
        how: How the file was read.

    Returns:
        The keys to add; None where nothing is known.
    """
    if path.suffix.lower() in spreadsheets.SUFFIXES:
        return _in_sheets(path, columns, present, how)
    return _in_text(path, columns, present, how) if path.is_file() and _is_text(path) else None


def _is_text(path: Path) -> bool:
    return content_name(path).suffix.lower() not in (".parquet", ".avro", ".json", ".jsonl", ".ndjson")


def _in_text(path: Path, columns: Sequence[str], present: Sequence[str], how: TableSource) -> str | None:
    layout = layout_of(path, how)
    best = max(_headers(path, columns, how, layout), key=lambda header: header.found, default=None)
    if best is not None and best.found > len(set(columns) & set(present)):
        return _keys(best, how, layout)
    dialect = dialect_of("\n".join(sample_lines(path, how.encoding)))
    if dialect is None or (dialect.mark, dialect.header) == (layout.mark, layout.above + 1):
        return None
    names = [name.strip() for name in dialect.names]
    return _keys(_Header(how.encoding, dialect.mark, dialect.header, 0, names), how, layout)


def _headers(path: Path, columns: Sequence[str], how: TableSource, layout: Layout) -> Iterator[_Header]:
    """Where wanted names stand for each way to read the file, the present way first."""
    likely = likely_encoding(sample_bytes(path))
    encodings = [how.encoding] if likely is None or likely == how.encoding else [how.encoding, likely]
    for encoding, mark in product(encodings, dict.fromkeys([layout.mark, *DELIMITERS])):
        rows = cells_of(sample_lines(path, encoding)[:_ROWS], mark)
        line, found = header_with(rows, columns)
        if found:
            yield _Header(encoding, mark, line, found, [cell.strip() for cell in rows[line - 1]])


def _keys(header: _Header, how: TableSource, layout: Layout) -> str:
    written = "\\t" if header.mark == "\t" else header.mark
    keys = [
        *([f"encoding: {header.encoding}"] if header.encoding != how.encoding else []),
        *([f'delimiter: "{written}"'] if header.mark != layout.mark else []),
        *([f"header: {header.line}"] if header.line != layout.above + 1 else []),
    ]
    added = " and ".join(f"'{key}'" for key in keys)
    return f"add {added} to the table, then its columns are {_listed(header.names)}"


def _in_sheets(path: Path, columns: Sequence[str], present: Sequence[str], how: TableSource) -> str | None:
    """The sheet, or the line of a sheet, in which more of the wanted names stand."""
    names = spreadsheets.sheet_names(path)
    ours = how.sheet or names[0]
    heads = {name: spreadsheets.first_rows(path, name, _ROWS) for name in dict.fromkeys([ours, *names])}
    found = {name: header_with(rows, columns) for name, rows in heads.items()}
    sheet = max(found, key=lambda name: found[name][1])
    line, held = found[sheet]
    if held <= len(set(columns) & set(present)):
        return None
    keys = [*([f"sheet: {sheet}"] if sheet != ours else []), *([f"header: {line}"] if line != how.header else [])]
    return "add " + " and ".join(f"'{key}'" for key in keys) + " to the table"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
