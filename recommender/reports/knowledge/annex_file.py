"""Reads an annex of the cosmetics regulation as CosIng exports it, in any of the forms in which it goes round."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infrastructure.errors import DataError

_NUMBER: Final = frozenset({"referencenumber", "refno", "refnumber", "ref", "entry", "entryno", "reference"})
_GLOSSARY: Final = frozenset({"nameofcommoningredientsglossary", "commoningredientsglossary", "glossaryname"})
_CHEMICAL: Final = frozenset({"chemicalname", "chemicalnameinn", "chemicalnameinnxan", "inciname", "inci", "name"})
_ANNEX: Final = frozenset({"annex", "annexno", "annexnumber"})
_EXPECTED: Final = (
    "CosIng's export as csv, tsv, txt or json (save a spreadsheet as csv) with the columns 'Reference Number' and "
    "'Name of Common Ingredients Glossary' or 'Chemical name'"
)
_TEXTS: Final = (".csv", ".tsv", ".txt")
_HEADING_ROWS: Final = 40
"""Rows from the top among which the headings are looked for: titles and dates stand above them."""
_ENTRY: Final = re.compile(r"(\d+)\s*([a-z]?)")
_ROMAN: Final = re.compile(r"annex[\s_-]*(III|II|IV|VI|V)(?![A-Za-z])", re.IGNORECASE)
_BETWEEN_NAMES: Final = re.compile(r"\s*(?:;|\s/|/\s|(?<!-),\s+(?=[A-Za-z]))\s*")
_BROKEN: Final = re.compile(r"(?<=\w)-\s+(?=[\w(])")
_FOOTNOTE: Final = re.compile(r"\s*\(\d+\)")
_GONE: Final = "moved or deleted"

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class AnnexEntry:
    """One entry of an annex.

    Attributes:
        number: Reference number, as "12a".
        names: Names under which labels print it (the glossary's); empty where the file has chemical names alone.
        chemical: Names in chemistry.
        text: All that the file says of it, in lower case.
    """

    number: str
    names: tuple[str, ...]
    chemical: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class AnnexFile:
    """An annex: its number in Roman figures, and its entries by reference number."""

    annex: str
    entries: dict[str, AnnexEntry]

    @classmethod
    def read(cls, path: Path) -> "AnnexFile":
        """The annex in a file, without titles, headings repeated on each page and deleted entries.

        Raises:
            DataError: The file cannot be read, has no such columns or no entry, or does not say which annex it is.
        """
        rows = _rows(path)
        start, columns = _headings(rows, path)
        cells = _cells_by_entry(rows[start:], columns)
        entries = {number: _entry(number, found) for number, found in cells.items()}
        entries = {number: entry for number, entry in entries.items() if _GONE not in entry.text}
        if not entries:
            raise DataError("The annex has no entries.", where=str(path), expected=_EXPECTED)
        return cls(_annex(path, rows[:start], rows[start], columns), entries)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns stand: numbers, the glossary's names, chemical names, the annex."""

    number: int
    glossary: tuple[int, ...]
    chemical: tuple[int, ...]
    annex: tuple[int, ...]


def _rows(path: Path) -> list[Row]:
    """The cells of a file, row by row, as text.

    Raises:
        DataError: There is no such file, or it is of another form.
    """
    try:
        if path.suffix.lower() == ".json":
            return _json_rows(json.loads(path.read_text(encoding="utf-8-sig")))
        if path.suffix.lower() not in _TEXTS:
            raise ValueError(f"{path.suffix or 'a file without an ending'} is no text")
        return _csv_rows(_decoded(path.read_bytes()))
    except (OSError, ValueError, TypeError, AttributeError, csv.Error) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"The annex cannot be read: {reason}", where=str(path), expected=_EXPECTED) from None


def _json_rows(value: Any) -> list[Row]:
    """A list of objects, or the first list inside an object, as rows under their keys."""
    listed: Any = value if isinstance(value, list) else next(filter(_is_list, value.values()), [])
    keys = list(dict.fromkeys(key for item in listed for key in item))
    return [keys, *([_told(item.get(key)) for key in keys] for item in listed)]


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _told(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _csv_rows(text: str) -> list[Row]:
    """Rows of a text whose cells are parted by the first of the usual signs that makes the headings known."""
    tables: list[list[Row]] = [[*csv.reader(io.StringIO(text), delimiter=sign)] for sign in (",", ";", "\t")]
    return next((rows for rows in tables if _found_headings(rows)), tables[0])


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _headings(rows: Sequence[Row], path: Path) -> tuple[int, _Columns]:
    """The row below the headings, and the columns.

    Raises:
        DataError: There are none.
    """
    found = _found_headings(rows)
    if found is None:
        raise DataError("The annex has no headings that are known.", where=str(path), expected=_EXPECTED)
    return found


def _found_headings(rows: Sequence[Row]) -> tuple[int, _Columns] | None:
    """As above; headings may stand on two rows."""
    for at in range(min(len(rows) - 1, _HEADING_ROWS)):
        for below in (at + 1, at + 2):
            columns = _columns(rows[at:below])
            if columns is not None and below < len(rows):
                return below, columns
    return None


def _columns(heads: Sequence[Row]) -> _Columns | None:
    def places(known: frozenset[str]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(at for row in heads for at, cell in enumerate(row) if _letters(cell) in known))

    number, glossary, chemical = places(_NUMBER), places(_GLOSSARY), places(_CHEMICAL)
    return _Columns(number[0], glossary, chemical, places(_ANNEX)) if number and (glossary or chemical) else None


def _is_heading(row: Row) -> bool:
    return not (_NUMBER | _GLOSSARY | _CHEMICAL).isdisjoint(map(_letters, row))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _cells_by_entry(rows: Iterable[Row], columns: _Columns) -> dict[str, tuple[list[str], list[str], list[str]]]:
    """(glossary's cells, chemical cells, all cells) of each entry; a row without a number goes on with the last one."""
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    number = ""
    for row in rows:
        told = row[columns.number].strip().lower() if len(row) > columns.number else ""
        match = _ENTRY.fullmatch(told)
        if told and match is None:  # a heading once more, or a note
            continue
        number = "".join(match.groups()) if match else number
        if number and not _is_heading(row):
            glossary, chemical, every = found.setdefault(number, ([], [], []))
            glossary += _at(row, columns.glossary)
            chemical += _at(row, columns.chemical)
            every += row
    return found


def _at(row: Row, places: Iterable[int]) -> Iterator[str]:
    return (row[place] for place in places if place < len(row))


def _entry(number: str, cells: tuple[Sequence[str], Sequence[str], Sequence[str]]) -> AnnexEntry:
    glossary, chemical, every = cells
    return AnnexEntry(number, _names(glossary), _names(chemical), " ".join(" ".join(every).lower().split()))


def _names(cells: Iterable[str]) -> tuple[str, ...]:
    """Single names: parted by semicolons, commas and slashes between words, put together where a line was broken."""
    whole = (_FOOTNOTE.sub("", _BROKEN.sub("-", " ".join(cell.split()))) for cell in cells)
    names = (name.strip(" .;") for cell in whole for name in _BETWEEN_NAMES.split(cell))
    return tuple(dict.fromkeys(name for name in names if name))


def _annex(path: Path, above: Iterable[Row], first: Row, columns: _Columns) -> str:
    """Which annex it is, by its own column, the title above the headings, or the file's name.

    Raises:
        DataError: None of them says it.
    """
    own = [f"annex {cell}" for cell in _at(first, columns.annex)]
    for text in (*own, *(" ".join(row) for row in above), path.stem):
        if found := _ROMAN.search(text):
            return found[1].upper()
    raise DataError(
        "The file does not say which annex it is.",
        where=str(path),
        value=path.name,
        expected="a name as COSING_Annex_III",
    )
