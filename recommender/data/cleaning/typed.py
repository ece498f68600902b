"""Raw relations with the types of the contract; cells that cannot have them are told apart from missing ones."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis
import pyarrow as pa

from infrastructure.errors import DataError
from recommender.contract.arrow import TYPES, as_frame
from recommender.contract.fields import CONTRACT, Field, Kind, fields_of
from recommender.data.cleaning.plain import Plain, plain
from recommender.data.engines.backend import ROW, Backend
from recommender.data.parsing import conversion
from recommender.data.raw_tables import Origin

_EXAMPLES: Final = {
    Kind.NUMBER: "numbers such as 12.5 (see 'decimal' and 'thousands' of the table)",
    Kind.COUNT: "whole numbers such as 12",
    Kind.TIME: "dates such as 2025-06-30 or 2025-06-30T12:00:00Z, or a 'format' in the source file",
}

_THEIRS, _READ, _OTHERS, _LOST = "_theirs_", "_read_", "_others_", "_lost_"


def unreadable(column: str) -> str:
    """The column that tells where ``column`` held something that is not of its type."""
    return f"{_LOST}{column}"


def typed(table: str, raw: ibis.Table, origin: Origin, backend: Backend) -> ibis.Table:
    """A raw table with the types of the contract.

    What every engine reads alike it reads by itself; of the other cells each different one is read by pandas, once.

    Returns:
        The columns of ``raw`` that the contract has, in its order; ``ROW``; and for each column of numbers or times
        one named by :func:`unreadable`, which says where a cell held something else (and so is missing).

    Raises:
        DataError: No value of a column can be read as what the column should hold.
    """
    fields = [field for field in CONTRACT[table] if field.name in raw.columns]
    readings = {field.name: plain(field, raw[field.name].type()) for field in fields}
    rows = raw
    read_by_pandas = _with_others(raw, readings, backend)
    for field in fields:
        if field.name in read_by_pandas:
            known = backend.given(_as_pandas_reads(field, raw, readings[field.name], backend))
            rows = rows.left_join(known, rows[field.name] == known[_THEIRS + field.name])
    values = {field.name: _value(rows, field.name, readings[field.name]) for field in fields}
    lost = {
        unreadable(field.name): values[field.name].isnull() & _said(rows[field.name])
        for field in fields
        if field.kind in _EXAMPLES
    }
    found = backend.kept(rows.select(**{ROW: rows[ROW]}, **values, **lost))
    _see_types(table, raw, found, origin, backend)
    return found


def _with_others(raw: ibis.Table, readings: Mapping[str, Plain], backend: Backend) -> set[str]:
    """The columns that hold cells which the engine does not read."""
    counts = {_OTHERS + name: _others(raw[name], how).sum() for name, how in readings.items()}
    (found,) = backend.fetched(raw.agg(**counts)).to_pylist()
    return {name for name in readings if found[_OTHERS + name]}


def _others(cells: Any, how: Plain) -> Any:
    return cells.notnull() & ~how.holds(cells)


def _as_pandas_reads(field: Field, raw: ibis.Table, how: Plain, backend: Backend) -> pa.Table:
    """Each different cell that the engine does not read, and what it is."""
    cells, key = raw[field.name], _THEIRS + field.name
    theirs = backend.fetched(raw.filter(_others(cells, how)).select(**{key: cells}).distinct())
    read = conversion.read(field, as_frame(theirs)[key])
    return theirs.append_column(_READ + field.name, pa.array(read, TYPES[field.kind], from_pandas=True))


def _value(rows: ibis.Table, name: str, how: Plain) -> Any:
    value = how.value(rows[name])
    if _READ + name not in rows.columns:
        return value
    return ibis.ifelse(rows[_THEIRS + name].notnull(), rows[_READ + name], value)


def _said(cells: Any) -> Any:
    """Whether a cell holds anything."""
    return cells.notnull() & (cells != "") if cells.type().is_string() else cells.notnull()


def _see_types(table: str, raw: ibis.Table, found: ibis.Table, origin: Origin, backend: Backend) -> None:
    """Refuse a column of which nothing could be read: it is another column, or in another format."""
    names = [name for name in fields_of(table) if unreadable(name) in found.columns]
    for name in _without_value(found, names, backend):
        lost = found.filter(found[unreadable(name)])
        first = raw.semi_join(lost.agg(**{ROW: lost[ROW].min()}), ROW)
        kind = fields_of(table)[name].kind
        raise DataError(
            f"No value of this column can be read as {kind.value}.",
            where=origin.file,
            field=origin.field(name),
            value=backend.fetched(first.select(name))[name][0].as_py(),
            expected=_EXAMPLES[kind],
        )


def _without_value(found: ibis.Table, names: Sequence[str], backend: Backend) -> list[str]:
    """Columns that held something, but nothing of their type."""
    if not names:
        return []
    read = {_READ + name: found[name].count() for name in names}
    lost = {_LOST + name: found[unreadable(name)].sum() for name in names}
    (counts,) = backend.fetched(found.agg(**read, **lost)).to_pylist()
    return [name for name in names if counts[_LOST + name] and not counts[_READ + name]]
