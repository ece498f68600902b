"""Whether the cells of a column are lists, and what stands between their entries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import pandas as pd

from recommender.data.parsing.cells import as_lists
from recommender.data.parsing.json_texts import is_unreadable, structure

_SEPARATORS: Final = ("|", ";", ",", "/", "、", "·", "，", " - ", "+")  # noqa: RUF001 (the signs that are meant)
_OFTEN: Final = 0.15
_LONGEST: Final = 40


@dataclass(frozen=True)
class Entries:
    """Lists of a column.

    Attributes:
        separator: Between entries; None where cells are lists by themselves or as text.
        literal: Whether they are texts such as ['a', 'b'].
        objects: Whether the entries are objects, which have columns of their own.
        keys: The objects' keys.
        counts: How often each entry is there.
        several: Share of the cells with more than one entry.
    """

    separator: str | None
    literal: bool
    objects: bool
    keys: tuple[str, ...]
    counts: Counter[str]
    several: float


def listed(cells: Sequence[Any]) -> Entries | None:
    """The lists that cells are by themselves; None where they are none."""
    lists = [cast("list[Any]", list(cell)) for cell in cells if isinstance(cell, list | tuple) or _is_array(cell)]
    return _of(lists, None, literal=False) if lists and len(lists) >= 0.5 * len(cells) else None


def _is_array(cell: Any) -> bool:
    return type(cell).__name__ == "ndarray"


def entries_of(texts: Sequence[str]) -> Entries | None:
    """The lists that texts hold; None where they hold none."""
    lists = [found for text in texts[:300] if text[:1] == "[" and (found := _parsed_list(text)) is not None]
    if lists and len(lists) >= 0.7 * min(len(texts), 300):
        return _of(lists, None, literal=True)
    if sum(text[0] == text[-1] == "'" and "', '" in text for text in texts if len(text) > 1) > 0.3 * len(texts):
        return _quoted(texts)
    found = (entries for sign in _SEPARATORS if (entries := _parted(texts, sign)) is not None)
    return max(found, key=lambda entries: entries.several, default=None)


def _parsed_list(text: str) -> list[Any] | None:
    """A list written as JSON or as Python prints it; an object in brackets is one, too."""
    found = structure(text)
    if isinstance(found, list):
        return cast("list[Any]", found)
    return _literal(text) if is_unreadable(found) else None


def _literal(text: str) -> list[Any] | None:
    (found,) = as_lists(pd.Series([text], dtype=object), literal=True)
    return found if isinstance(found, list) and len(found) > 0 and text not in found[0] else None


def _quoted(texts: Sequence[str]) -> Entries:
    return _of([[part.strip("' ") for part in text.split("', '")] for text in texts], None, literal=True)


def _parted(texts: Sequence[str], sign: str) -> Entries | None:
    """Entries between a sign, if they are short and come again, as words that are chosen from a list do."""
    if sum(sign in text for text in texts) < _OFTEN * len(texts):
        return None
    found = _of([[part.strip() for part in text.split(sign) if part.strip()] for text in texts], sign, literal=False)
    total = sum(found.counts.values())
    short = sum(count for entry, count in found.counts.items() if len(entry) <= _LONGEST and not entry.isdigit())
    again = len(found.counts) < 0.5 * total or len(texts) < 12
    return found if short >= 0.95 * total and again else None


def _of(lists: Iterable[list[Any]], separator: str | None, *, literal: bool) -> Entries:
    every = list(lists)
    entries = [entry for cell in every for entry in cell]
    objects = [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
    return Entries(
        separator=separator,
        literal=literal,
        objects=bool(objects),
        keys=tuple(dict.fromkeys(key for entry in objects[:200] for key in entry)),
        counts=Counter(str(entry).strip() for entry in entries) if not objects else Counter(),
        several=sum(len(cell) > 1 for cell in every) / max(len(every), 1),
    )
