"""A foreign column of times in UTC; a column that its format would misread stops the run with the format that is right.

A single value that is no time stays as it is: cleaning reports it with its row.
"""

from collections.abc import Sequence
from typing import Any, Final

from recommender.data.parsing.cells import Cells, as_stripped_text, as_text
from recommender.data.parsing.pandas_parsing import iso_times
from recommender.data.sources.cells.times.checks import check_formats
from recommender.data.sources.cells.times.formats import parsed
from recommender.data.sources.cells.times.whole_columns import AT_ONCE, WholeColumns
from recommender.data.sources.cells.times.zones import in_utc, with_named_zones
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.time_settings import EPOCHS, ISO_8601

_OFFSET: Final = r"\d{2}:\d{2}.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
_NOTHING: Final[Any] = None


def read_times(cells: Cells, how: ColumnSource, where: str, column: str, whole: WholeColumns = AT_ONCE) -> Cells:
    """Cells as times in UTC; all as texts, and those unchanged that are no time, where there is one.

    What the whole column decides is asked of ``whole``.

    Raises:
        DataError: The column is in another format than it is said to be, or has days and months in two orders.
    """
    typed = whole.are_times(cells, column)
    forms = (ISO_8601,) if typed else how.formats
    if forms == (ISO_8601,) and how.timezone is None:
        if not typed and len(cells):
            whole.check_iso(as_stripped_text(cells), where, column)
        return cells
    texts = as_stripped_text(cells)
    form, *others = forms
    if others:
        first, second, read = _read_by_several(texts, forms, how.timezone, where, column)
    else:
        first, second, read = _read(texts, form, how.timezone)
        if form != ISO_8601:
            whole.check_format(texts, read, form, where, column)
    twice = (first != second) & first.notna()
    if twice.any():
        whole.tell_twice(int(twice.sum()), column)
    return _with_failures(first, texts, read.notna())


def _read_by_several(
    texts: Cells, forms: Sequence[str], zone: str | None, where: str, column: str
) -> tuple[Cells, Cells, Cells]:
    """As :func:`_read`, each cell by the first of the formats that reads it."""
    found, reads = _read(texts, forms[0], zone), dict[str, Cells]()
    reads[forms[0]] = found[2]
    for form in forms[1:]:
        others = _read(texts.where(found[2].isna(), _NOTHING), form, zone)
        reads[form], new = others[2], others[2].notna()
        first, second, read = (known.mask(new, more) for known, more in zip(found, others, strict=True))
        found = first, second, read
    check_formats(texts, reads, found[2], where, column)
    return found


def _read(texts: Cells, form: str, zone: str | None) -> tuple[Cells, Cells, Cells]:
    """By one format: the times, the later ones of hours that come twice, and what was read before any zone."""
    if form.endswith("%Z"):
        first, second = with_named_zones(texts, form, zone)
        return first, second, first
    read = iso_times(texts) if form == ISO_8601 else parsed(texts, form)
    if zone is None or form in EPOCHS or "%z" in form:
        return read, read, read
    absolute = texts.str.contains(_OFFSET, na=False) if form == ISO_8601 else read.isna()
    first, second = (read.where(absolute, times) for times in in_utc(read, zone))
    return first, second, read


def _with_failures(read: Cells, texts: Cells, shown: Cells) -> Cells:
    """The times; where one is missing, all as texts and that as it was, with the reason where no clock showed it."""
    failed = read.isna() & texts.notna()
    if not failed.any():
        return read
    told: Any = texts.where(~(failed & shown), texts + " (an hour that the clocks left out)")
    return as_text(read.astype(object)).where(~failed, told)
