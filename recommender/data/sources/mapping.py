"""Maps foreign columns to ours: names, values, number formats, dates and lists, as the source file says.

A cell that is not in the format that it should have keeps its text: cleaning reports it with its row. A number is
marked, so that nobody reads it in another format.
"""

from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.fields import PRICES, Field, Kind, fields_of
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.parsing.cells import Cells, as_lists, as_stripped_text, as_text
from recommender.data.parsing.html_text import plain_texts
from recommender.data.parsing.numbers import is_number, read_numbers
from recommender.data.parsing.stock import as_pieces
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.cells.money.conversion import in_one_currency, signs_of
from recommender.data.sources.cells.parts import PATH, deepest_paths, extracted
from recommender.data.sources.cells.times.columns import side_by_side
from recommender.data.sources.cells.times.reading import read_times
from recommender.data.sources.cells.times.whole_columns import AT_ONCE, WholeColumns
from recommender.data.sources.description.column_source import Cell, ColumnSource
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.shaping.conditions.returned_rows import with_returned
from recommender.data.sources.shaping.one_row import one_row_per

_SHARES: Final = (c.RATING, c.RATING_MEAN)
"""Our columns that a source may have as a percentage of the best; ``scale`` then says what the best is."""


def map_columns(theirs: pd.DataFrame, table: str, source: TableSource, whole: WholeColumns = AT_ONCE) -> pd.DataFrame:
    """The rows of a foreign file, under its own column names, as rows of one of our tables.

    Of rows that are a part of the table, ``whole`` knows what the whole columns decide.
    """
    fields = fields_of(table)
    ours = pd.DataFrame(
        {name: _column(theirs, fields[name], how, source, whole) for name, how in source.columns.items()},
        index=theirs.index,
    )
    ours = with_returned(in_one_currency(ours, theirs, table, source), theirs, source, whole.conditions)
    return one_row_per(ours, source.one_row_per) if source.one_row_per else ours


def _column(theirs: pd.DataFrame, field: Field, how: ColumnSource, source: TableSource, whole: WholeColumns) -> Cells:
    if how.constant is not None:
        return pd.Series([_as_constant(how.constant)] * len(theirs), index=theirs.index, dtype=object)
    there = {name: extracted(present(theirs[name], source.table_of(name).missing), how.extract) for name in how.read}
    if field.kind is Kind.TIME and len(how.read) > 1:
        return _part(side_by_side([*there.values()]), field, how, source, whole)
    if field.name == c.DESCRIPTION:
        return plain_texts(*(_paragraphs(cells, how) for cells in there.values()))
    if field.kind in (Kind.NUMBER, Kind.COUNT) and len(there) == 1:
        name, cells = next(iter(there.items()))
        signs = partial(signs_of, theirs, how) if field.name in PRICES else None
        return _numbers(_translated(cells, how.values), field, source.table_of(name), how.scale, signs, whole)
    parts = [_part(cells, field, how, source.table_of(name), whole) for name, cells in there.items()]
    return parts[0] if len(parts) == 1 else _joined(parts, field)


def _part(cells: Cells, field: Field, how: ColumnSource, source: TableSource, whole: WholeColumns) -> Cells:
    """One of their columns as (a part of) one of ours."""
    if how.paths:
        return deepest_paths(cells, how)
    if field.kind is Kind.TEXTS or how.literal or how.separator:
        lists = _lists(cells, field, how, whole)
        return lists if field.kind is Kind.TEXTS else lists.map(PATH.join, na_action="ignore")
    if how.values:
        cells = _translated(cells, how.values)
    if field.kind in (Kind.NUMBER, Kind.COUNT):
        return _numbers(cells, field, source, how.scale, None, whole)
    return read_times(cells, how, source.place, field.name, whole) if field.kind is Kind.TIME else cells


def _paragraphs(cells: Cells, how: ColumnSource) -> Cells:
    """Each entry of a list of texts as a paragraph of one text."""
    return as_lists(cells, literal=True).map("<p>".join, na_action="ignore") if how.literal else cells


def _joined(parts: list[Cells], field: Field) -> Cells:
    """Several of their columns as one: a longer list, or a path in which no part follows itself."""
    lists = [part if field.kind is Kind.TEXTS else as_stripped_text(part).map(lambda text: [text]) for part in parts]
    entries = reduce(lambda left, right: left.combine(right, _concatenated), lists)
    return entries if field.kind is Kind.TEXTS else entries.map(PATH.join, na_action="ignore")


def _concatenated(left: list[str] | None, right: list[str] | None) -> list[str] | None:
    together = [entry for entry in [*(left or []), *(right or [])] if entry]
    return list(dict.fromkeys(together)) or None


def _lists(cells: Cells, field: Field, how: ColumnSource, whole: WholeColumns) -> Cells:
    label = field.name == c.INGREDIENTS
    lists = as_lists(cells, literal=how.literal, separator=how.separator, label=label, limit_in=whole.limit)
    if not how.values:
        return lists

    def translate(entries: list[str]) -> list[str]:
        ours = (_as_constant(how.values.get(entry, entry)) for entry in entries)
        return list(dict.fromkeys(entry for entry in ours if entry is not None))

    return lists.map(translate, na_action="ignore")


def _translated(cells: Cells, values: Mapping[str, Cell]) -> Cells:
    if not values:
        return cells
    texts = as_stripped_text(cells)
    known = {theirs: _as_constant(ours) for theirs, ours in values.items()}
    return texts.map(lambda text: known.get(text, text))


def _as_constant(value: Cell) -> str | None:
    """A value of the source file as text."""
    return None if value is None else str(value)


def _numbers(
    cells: Cells,
    field: Field,
    source: TableSource,
    scale: float,
    signs: Callable[[], Cells] | None,
    whole: WholeColumns,
) -> Cells:
    """Numbers; where some could not be read, all as text and those marked.

    Args:
        cells: Theirs.
        field: Ours.
        source: The table's.
        scale: They are multiplied by it.
        signs: Finds the currency of each, of prices.
        whole: Decides what the whole column does.

    Raises:
        DataError: Their marks are not those of the source.
    """
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells if scale == 1 else cells * scale
    texts = as_stripped_text(cells)
    if texts.isna().all():
        return texts
    written = as_pieces(texts) if field.name == c.STOCK else texts
    numbers = read_numbers(written, source.decimal, source.thousands_mark.strip(), shares=field.name in _SHARES)
    # A number that is one already is in nobody's format: 1.125 is not 1125 in Germany.
    texts_alone = pd.api.types.infer_dtype(cells, skipna=True) == "string"
    own = cells.map(is_number) if not texts_alone else pd.Series(False, index=cells.index)
    whole.check_marks(written.mask(own, None), numbers, signs, source, field.name)
    if own.any():
        numbers = numbers.mask(own, pd.to_numeric(cells.where(own), errors="coerce").astype("float64"))
    numbers = numbers * scale
    failed = numbers.isna() & texts.notna()
    return (
        as_text(numbers.astype(object)).where(~failed, texts.map(_marked, na_action="ignore"))
        if failed.any()
        else numbers
    )


def _marked(text: str) -> str:
    return text if UNREADABLE in text else f"{UNREADABLE}{text}"
