"""One table in several files: a file a month, or a part each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from recommender.onboarding.found_table import FoundTable

_NUMBERED: Final = re.compile(
    r"(?:\d+|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?![a-z]))(?:[-_. ]*\d+)*", re.IGNORECASE
)


def united_parts(tables: Iterable[FoundTable]) -> Iterator[FoundTable]:
    """The tables, those as one whose columns are the same and whose files' names differ by numbers only."""
    groups = defaultdict[object, list[FoundTable]](list)
    for at, table in enumerate(tables):
        groups[_identity(table) or at].append(table)
    for group in groups.values():
        yield _united(group) if len(group) > 1 else group[0]


def _identity(table: FoundTable) -> object:
    file = str(table.reading.get("file", ""))
    pattern = _pattern(file)
    settings = tuple((key, value) for key, value in sorted(table.reading.items()) if key != "file")
    return (pattern, tuple(table.columns), settings) if pattern != file else None


def _pattern(file: str) -> str:
    folder, mark, name = file.rpartition("/")
    return f"{folder}{mark}{_NUMBERED.sub('*', name)}"


def _united(parts: Sequence[FoundTable]) -> FoundTable:
    first, pattern = parts[0], _pattern(str(parts[0].reading["file"]))
    known = [part.rows for part in parts if part.rows is not None]
    return replace(
        first,
        name=f"{pattern.rpartition('/')[2]} ({len(parts)} files)",
        reading=dict(first.reading) | {"file": pattern},
        sample=pd.concat([part.sample for part in parts], ignore_index=True),
        rows=sum(known) if len(known) == len(parts) else None,
        whole=all(part.whole for part in parts),
        evidence=dict(first.evidence) | {"file": f"{len(parts)} files have the same columns"},
    )
