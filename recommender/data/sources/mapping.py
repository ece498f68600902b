"""Maps foreign columns to ours: names, values, number formats, dates and lists, as the source file says.

A cell that is not in the format that it should have stays as it is: cleaning reports it with its row.
"""

import re
from collections.abc import Mapping
from functools import reduce
from typing import Final

import pandas as pd

from recommender.contract import columns as c
from recommender.contract.fields import Field, Kind, fields_of
from recommender.data.parsing.cells import Cells, as_lists, as_stripped_text, as_text
from recommender.data.sources.one_row import one_row_per
from recommender.data.sources.source import Cell, ColumnSource, TableSource
from recommender.data.sources.times import read_times

PATH: Final = " > "
"""Between the parts of a category path."""

_AROUND_NUMBERS: Final = r"[\s$€£¥₩₹]"


def map_columns(theirs: pd.DataFrame, table: str, source: TableSource) -> pd.DataFrame:
    """The rows of a foreign file, under its own column names, as rows of one of our tables."""
    fields = fields_of(table)
    ours = pd.DataFrame(
        {name: _column(theirs, fields[name], how, source) for name, how in source.columns.items()}, index=theirs.index
    )
    return one_row_per(ours, source.one_row_per) if source.one_row_per else ours


def _column(theirs: pd.DataFrame, field: Field, how: ColumnSource, source: TableSource) -> Cells:
    if how.constant is not None:
        return pd.Series([_as_constant(how.constant)] * len(theirs), index=theirs.index, dtype=object)
    if field.kind is Kind.TIME and len(how.read) > 1:
        return _part(_side_by_side(theirs, how), field, how, source)
    parts = [_part(theirs[name], field, how, source) for name in how.read]
    return parts[0] if len(parts) == 1 else _joined(parts, field)


def _side_by_side(theirs: pd.DataFrame, how: ColumnSource) -> Cells:
    """A date and a time of day from columns of their own, as one text."""
    parts = [as_stripped_text(theirs[name]) for name in how.read]
    return reduce(lambda left, right: (left + " " + right).fillna(left), parts)


def _part(cells: Cells, field: Field, how: ColumnSource, source: TableSource) -> Cells:
    """One of their columns as (a part of) one of ours."""
    if field.kind is Kind.TEXTS or how.literal or how.separator:
        lists = _lists(cells, field, how)
        return lists if field.kind is Kind.TEXTS else lists.map(PATH.join, na_action="ignore")
    if how.values:
        cells = _translated(cells, how.values)
    if field.kind in (Kind.NUMBER, Kind.COUNT):
        return _numbers(cells, source, how.scale)
    return read_times(cells, how, source.place, field.name) if field.kind is Kind.TIME else cells


def _joined(parts: list[Cells], field: Field) -> Cells:
    """Several of their columns as one: a longer list, or a path in which no part follows itself."""
    lists = [part if field.kind is Kind.TEXTS else as_stripped_text(part).map(lambda text: [text]) for part in parts]
    entries = reduce(lambda left, right: left.combine(right, _concatenated), lists)
    return entries if field.kind is Kind.TEXTS else entries.map(PATH.join, na_action="ignore")


def _concatenated(left: list[str] | None, right: list[str] | None) -> list[str] | None:
    together = [entry for entry in [*(left or []), *(right or [])] if entry]
    return list(dict.fromkeys(together)) or None


def _lists(cells: Cells, field: Field, how: ColumnSource) -> Cells:
    label = field.name == c.INGREDIENTS
    lists = as_lists(cells, literal=how.literal, separator=how.separator, label=label)
    if not how.values:
        return lists

    def translate(entries: list[str]) -> list[str]:
        ours = (_as_constant(how.values.get(entry, entry)) for entry in entries)
        return list(dict.fromkeys(entry for entry in ours if entry is not None))

    return lists.map(translate, na_action="ignore")


def _translated(cells: Cells, values: Mapping[str, Cell]) -> Cells:
    texts = as_stripped_text(cells)
    known = {theirs: _as_constant(ours) for theirs, ours in values.items()}
    return texts.map(lambda text: known.get(text, text))


def _as_constant(value: Cell) -> str | None:
    """A value of the source file as text."""
    return None if value is None else str(value)


def _numbers(cells: Cells, source: TableSource, scale: float) -> Cells:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells if scale == 1 else cells * scale
    texts = as_stripped_text(cells)
    if texts.isna().all():
        return texts
    bare = texts.str.replace(_AROUND_NUMBERS, "", regex=True)
    wellformed = bare.where(bare.str.fullmatch(_number_pattern(source), na=False))
    mark = source.thousands_mark.strip()
    canonical = wellformed.str.replace(mark, "", regex=False) if mark else wellformed
    numbers = pd.to_numeric(canonical.str.replace(source.decimal, ".", regex=False), errors="coerce") * scale
    return _parsed_or_original(numbers, texts)


def _number_pattern(source: TableSource) -> str:
    mark = source.thousands_mark.strip()
    whole = rf"(?:\d*|\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+)" if mark else r"\d*"
    return rf"[+-]?{whole}(?:{re.escape(source.decimal)}\d*)?(?:[eE][+-]?\d+)?"


def _parsed_or_original(read: Cells, texts: Cells) -> Cells:
    """The parsed cells; where some could not be parsed, all as text and those unchanged."""
    failed = read.isna() & texts.notna()
    return as_text(read.astype(object)).where(~failed, texts) if failed.any() else read
