"""What parts of a table say of its whole columns: gathered part by part, judged at the end.

Nothing is refused here. Where the whole would be refused, or read otherwise than its parts were, there is a doubt, and
the table is read again as a whole, which settles it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from infrastructure.progress import note
from recommender.data.parsing.cells import Cells
from recommender.data.sources.cells.times.checks import BELIEVED, DAY_AS_MONTH, FEW, ISO_DATE, stride
from recommender.data.sources.cells.times.formats import likely_format, parsed
from recommender.data.sources.cells.times.whole_columns import TYPED
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.description.time_settings import EPOCHS, EXCEL, swapped
from recommender.data.sources.parts.number_evidence import NumberEvidence

_SAMPLE: Final = 1_000


@dataclass
class _Column:
    """What is known of one of our columns so far.

    Attributes:
        kinds: How many parts had cells of each kind.
        known: Cells that are not missing, among those looked at.
        dated: Of these, that begin as ISO 8601 does.
        failed: That the format does not read.
        late: With a day where the month should be.
        early: That the format reads as long ago.
        far: That it reads as far ahead.
        first: Some known ones.
    """

    kinds: Counter[str] = field(default_factory=Counter[str])
    known: int = 0
    dated: int = 0
    failed: int = 0
    late: int = 0
    early: int = 0
    far: int = 0
    first: list[str] = field(default_factory=list[str])


class Evidence:
    """Answers for whole columns while their parts are read.

    Args:
        rows: Of the whole table.
    """

    def __init__(self, rows: int) -> None:
        self._stride = stride(rows)
        self._begin = 0
        self._columns = defaultdict[str, _Column](_Column)
        self._twice = Counter[str]()
        self._currencies = defaultdict[str, set[str]](set)
        self._numbers = dict[str, NumberEvidence]()
        self._rows = rows
        self._beside: Evidence | None = None

    @property
    def conditions(self) -> "Evidence":
        """What is known of foreign columns of which conditions are asked: their names may be those of ours."""
        if self._beside is None:
            self._beside = Evidence(self._rows)
            self._beside.go_on(self._begin)
        return self._beside

    def go_on(self, rows: int) -> None:
        """A part of so many rows is done; the next one follows it."""
        self._begin += rows
        if self._beside is not None:
            self._beside.go_on(rows)

    def limit(self, labels: Cells) -> int | None:
        """Not known from parts: tables with labels are read whole."""
        raise NotImplementedError

    def are_times(self, cells: Cells, column: str) -> bool:
        """Whether the cells of this part are times already."""
        kind = pd.api.types.infer_dtype(cells, skipna=True)
        if kind != "empty":
            self._columns[column].kinds[kind] += 1
        return kind in TYPED

    def check_iso(self, texts: "pd.Series[Any]", where: str, column: str) -> None:  # noqa: ARG002 (judged later)
        """Take note of the rows that would be looked at in the whole."""
        self.note_iso(texts.iloc[self.sampled], column)

    @property
    def sampled(self) -> slice:
        """The rows of the present part that are looked at in the whole."""
        return slice(-self._begin % self._stride, None, self._stride)

    def note_iso(self, texts: "pd.Series[Any]", column: str) -> None:
        """Take note of texts that are read as ISO 8601."""
        known, found = texts.dropna(), self._columns[column]
        found.known += len(known)
        found.dated += int(known.str.match(ISO_DATE).sum()) if len(known) else 0
        found.late += int(known.str.match(DAY_AS_MONTH).sum()) if len(known) else 0
        self._keep_first(found, known)

    def check_format(
        self,
        texts: "pd.Series[Any]",
        times: "pd.Series[Any]",
        form: str,
        where: str,  # noqa: ARG002 (judged later)
        column: str,
    ) -> None:
        """Take note of what a format reads."""
        known, found = texts.dropna(), self._columns[column]
        failed = known[times[known.index].isna()]
        other = swapped(form)
        found.known += len(known)
        found.dated += len(known) - len(failed)
        found.failed += len(failed)
        found.late += int(parsed(failed, other).notna().sum()) if other and len(failed) else 0
        if form in EPOCHS or form == EXCEL:
            found.early += int((times < BELIEVED[0]).sum())
            found.far += int((times > BELIEVED[1]).sum())
        self._keep_first(found, known)

    def tell_twice(self, rows: int, column: str) -> None:
        """Add to the rows of an hour that came twice; told at the end."""
        self._twice[column] += rows

    def note_currencies(self, codes: set[str], column: str) -> None:
        """Take note of the currencies of prices: several are refused, or converted, in the whole."""
        self._currencies[column] |= codes

    def check_marks(
        self, texts: Cells, numbers: Cells, signs: Callable[[], Cells] | None, source: TableSource, column: str
    ) -> None:
        """Take note of numbers and their marks."""
        found = self._numbers.setdefault(column, NumberEvidence(source, signs is not None))
        found.add(texts, numbers)

    def is_doubtful(self) -> bool:
        """Whether any column has to be judged as a whole."""
        several = any(len(codes) > 1 for codes in self._currencies.values())
        marks = (found.is_doubtful(name, self._currencies[name]) for name, found in self._numbers.items())
        beside = self._beside is not None and self._beside.is_doubtful()
        return beside or several or any(map(_is_doubtful, self._columns.values())) or any(marks)

    def tell(self) -> None:
        """Report what is told of a whole column."""
        for column, rows in self._twice.items():
            note(f"{column}: an hour that came twice, read as its first", rows=rows)
        if self._beside is not None:
            self._beside.tell()

    def _keep_first(self, found: _Column, known: "pd.Series[Any]") -> None:
        found.first.extend(known.head(_SAMPLE - len(found.first)))


def _is_doubtful(column: _Column) -> bool:
    mixed = len(column.kinds) > 1 and any(kind in TYPED for kind in column.kinds)
    return mixed or (column.known > 0 and _may_be_refused(column))


def _may_be_refused(column: _Column) -> bool:
    if column.late > FEW * column.known or column.failed == column.known:
        return True
    read = column.known - column.failed
    if (2 * column.early >= read > 0 and column.early) or (2 * column.far >= read and column.far):
        return True
    return not column.dated and likely_format(pd.Series(column.first, dtype=object)) is not None
