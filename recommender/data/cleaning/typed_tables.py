"""Raw tables with the types of the contract; unreadable cells are marked, apart from missing ones."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis
import pyarrow as pa

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract.arrow import TYPES, as_frame
from recommender.contract.fields import CONTRACT, Field, Kind, fields_of
from recommender.contract.identifiers import EXPECTED
from recommender.data.cleaning.engine_parsing import EngineParser, engine_parser
from recommender.data.engines.backend import ROW, Backend
from recommender.data.parsing import pandas_parsing
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.provenance import Origin

_SINGLE: Final = "a single value a cell (lists become a path where the source file says 'literal: true')"
_EXAMPLES: Final = {
    Kind.IDENTIFIER: f"single texts or whole numbers of {EXPECTED}",
    Kind.TEXT: _SINGLE,
    Kind.TEXTS: "texts, or lists of texts",
    Kind.NUMBER: "numbers such as 12.5 (see 'decimal', 'thousands' and 'missing' of the table)",
    Kind.COUNT: "whole numbers such as 12 (see 'missing' of the table)",
    Kind.TIME: "dates such as 2025-06-30 or 2025-06-30T12:00:00Z, or a 'format' in the source file",
}

_TEXTUAL: Final = (Kind.IDENTIFIER, Kind.TEXT, Kind.TEXTS)

_THEIRS, _READ, _OTHERS, _LOST = "_theirs_", "_read_", "_others_", "_lost_"


def unreadable_mark(column: str) -> str:
    """The column that marks unreadable cells of ``column``."""
    return f"{_LOST}{column}"


def typed_table(table: str, raw: ibis.Table, origin: Origin, backend: Backend) -> ibis.Table:
    """A raw table with the types of the contract.

    The engine parses the cells that all engines parse alike; pandas parses each different value of the others.

    Returns:
        The columns of ``raw`` that the contract has, in its order; ``ROW``; and for each one named by
        :func:`unreadable_mark`, true where a cell held something else (its value is then missing).

    Raises:
        DataError: No value of a column can be read as what the column should hold.
    """
    fields = [field for field in CONTRACT[table] if field.name in raw.columns]
    parsers = {field.name: engine_parser(field, raw[field.name].type()) for field in fields}
    rows = raw
    for_pandas = _columns_left_to_pandas(raw, parsers, backend)
    for field in fields:
        if field.name in for_pandas:
            known = backend.from_arrow(_read_by_pandas(field, raw, parsers[field.name], backend))
            rows = rows.left_join(known, rows[field.name] == known[_THEIRS + field.name])
    values = {field.name: _value(rows, field.name, parsers[field.name]) for field in fields}
    lost = {unreadable_mark(field.name): _is_lost(field, rows, values[field.name]) for field in fields}
    found = backend.materialise(rows.select(**{ROW: rows[ROW]}, **values, **lost))
    _refuse_unreadable_columns(table, raw, found, origin, backend)
    return found


def _columns_left_to_pandas(raw: ibis.Table, parsers: Mapping[str, EngineParser], backend: Backend) -> set[str]:
    """The columns with cells that the engine does not parse."""
    counts = {_OTHERS + name: _left_to_pandas(raw[name], parser).sum() for name, parser in parsers.items()}
    (found,) = backend.to_arrow(raw.agg(**counts)).to_pylist()
    return {name for name in parsers if found[_OTHERS + name]}


def _left_to_pandas(cells: Any, parser: EngineParser) -> Any:
    return cells.notnull() & ~parser.parses(cells)


def _read_by_pandas(field: Field, raw: ibis.Table, parser: EngineParser, backend: Backend) -> pa.Table:
    """Each different cell that the engine does not parse, with its value."""
    cells, key = raw[field.name], _THEIRS + field.name
    theirs = backend.to_arrow(raw.filter(_left_to_pandas(cells, parser)).select(**{key: cells}).distinct())
    found = as_frame(theirs)[key]
    read = pandas_parsing.parse_cells(field, found)
    known = theirs.append_column(_READ + field.name, pa.array(read, TYPES[field.kind], from_pandas=True))
    if field.kind is not Kind.IDENTIFIER:
        return known
    return known.append_column(unreadable_mark(field.name), pa.array(pandas_parsing.are_no_ids(found), pa.bool_()))


def _value(rows: ibis.Table, name: str, parser: EngineParser) -> Any:
    value = parser.value(rows[name])
    if _READ + name not in rows.columns:
        return value
    return ibis.ifelse(rows[_THEIRS + name].notnull(), rows[_READ + name], value)


def _is_lost(field: Field, rows: ibis.Table, value: Any) -> Any:
    """Whether a cell holds something that is not of its column's type."""
    if field.name == c.AVOIDED_INGREDIENTS and rows[field.name].type().is_array():
        return _holds_something(rows[field.name], field).fill_null(False)  # what else the list says has a value
    if field.kind is not Kind.IDENTIFIER:
        return value.isnull() & _holds_something(rows[field.name], field).fill_null(False)
    mark = unreadable_mark(field.name)
    # Engines leave every id to pandas that could be none.
    return rows[mark].fill_null(False) if mark in rows.columns else ibis.literal(value=False)


def _holds_something(cells: Any, field: Field) -> Any:
    """Whether a cell that has no value holds anything: of texts, what is no text; a blank one is missing."""
    any_text = field.kind not in _TEXTUAL or field.name == c.INGREDIENTS
    if cells.type().is_string():
        return cells.notnull() & (cells != "") if any_text else cells.contains(UNREADABLE)
    if not any_text and cells.type().is_array() and cells.type().value_type.is_string():
        return cells.filter(lambda text: text.contains(UNREADABLE)).length() > 0
    return cells.notnull()


def _refuse_unreadable_columns(table: str, raw: ibis.Table, rows: ibis.Table, origin: Origin, backend: Backend) -> None:
    """Refuse a column without any readable cell: it is another column, or in another format."""
    refused = [name for name, field in fields_of(table).items() if field.kind in _EXAMPLES]
    names = [name for name in refused if unreadable_mark(name) in rows.columns]
    for name in _without_value(rows, names, backend):
        lost = rows.filter(rows[unreadable_mark(name)])
        first = raw.semi_join(lost.agg(**{ROW: lost[ROW].min()}), ROW)
        kind = fields_of(table)[name].kind
        raise DataError(
            f"No value of this column can be read as {kind.value}.",
            where=origin.file,
            field=origin.field(name),
            value=_shown(backend.to_arrow(first.select(name))[name][0].as_py()),
            expected=_EXAMPLES[kind],
        )


def _shown(cell: Any) -> Any:
    return cell.removeprefix(UNREADABLE) if isinstance(cell, str) else cell


def _without_value(rows: ibis.Table, names: Sequence[str], backend: Backend) -> list[str]:
    """Columns with values, but none of their type."""
    if not names:
        return []
    read = {_READ + name: rows[name].count() for name in names}
    lost = {_LOST + name: rows[unreadable_mark(name)].sum() for name in names}
    (counts,) = backend.to_arrow(rows.agg(**read, **lost)).to_pylist()
    return [name for name in names if counts[_LOST + name] and not counts[_READ + name]]
