"""Several rows of one customer or product become one: facts add up, and nothing that one row says is lost.

What a customer avoids and a product contains is the union of all rows, as a name too many hides a product and a name
too few shows one; of every other cell the newest usable value counts. So the order of the rows changes no avoidance.
A stock that cannot be read is usable: it says that the product is not there, and no older row knows better.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Final

import ibis

from recommender.contract import columns as c
from recommender.contract.fields import ADDED_UP, CONTRACT, KEYS
from recommender.data.cleaning.rule import ADDING, RemainingRows, Rule
from recommender.data.cleaning.typed_tables import unreadable_mark
from recommender.data.engines.backend import ROW, Backend

_NEWEST: Final = {c.CUSTOMERS: c.SIGNUP_TIME}
"""By table: the time that says which row is newer; the later row of the source is, where there is none."""

_AGE: Final = "_age"
_PLACE: Final = "_place"
_ENTRY: Final = "_entry"
_USABLE: Final = "_usable_"
_ANY: Final = "_any_"


def united(rows: RemainingRows, rules: Sequence[Rule], backend: Backend) -> ibis.Table | None:
    """The typed rows, each of a repeated customer or product with what all its rows say; None where none is repeated.

    Args:
        rows: A table with an identifier; every row that has one, and the rules have been applied to none.
        rules: Those of cells: a value that breaks one counts only where there is no better one.
        backend: What computes.

    Returns:
        The same rows, all of a repeated customer or product with the same values, and ``ADDING``.
    """
    key = KEYS[rows.table]
    repeated = _repeated(rows.frame, key, backend)
    if repeated is None:
        return None
    theirs = _with_substitutes(replace(rows, frame=rows.frame.semi_join(repeated, key)), rules)
    several = backend.materialise(_aged(rows.table, theirs, key))
    columns = [field.name for field in CONTRACT[rows.table] if field.name in several.columns and field.name != key]
    broken = _broken(RemainingRows(rows.table, several, rows.shop), columns, rules)
    values = backend.materialise(_united_values(several, key, columns, broken))
    whole = backend.materialise(_with_values(several, values, key, columns))
    others = rows.frame.anti_join(repeated, key).mutate(**{ADDING: ibis.literal(value=False)})
    return backend.materialise(others.union(whole.select(*others.columns)))


def _repeated(rows: ibis.Table, key: str, backend: Backend) -> ibis.Table | None:
    named = rows.filter(rows[key].notnull())
    counted = named.group_by(key).agg(rows=named.count())
    found = backend.to_arrow(counted.filter(counted.rows > 1).select(key))
    return backend.from_arrow(found) if found.num_rows else None


def _with_substitutes(rows: RemainingRows, rules: Iterable[Rule]) -> ibis.Table:
    """The rows with what stands in place of a wrong cell, where a rule has something that does."""
    values: dict[str, Any] = {}
    for rule in rules:
        if rule.instead is not None and rule.applies_to(rows.table, rows.frame):
            cells = values.get(rule.column, rows.frame[rule.column])
            values[rule.column] = ibis.ifelse(rule.broken(rows), rule.instead, cells)
    return rows.frame.mutate(**values)


def _aged(table: str, rows: ibis.Table, key: str) -> ibis.Table:
    """``rows`` with their place among those of their customer or product, from the newest (0) on."""
    newest = _NEWEST.get(table)
    dated = [ibis.desc(rows[newest], nulls_first=False)] if newest in rows.columns else []
    age = ibis.row_number().over(group_by=key, order_by=[*dated, ibis.desc(rows[ROW])])
    return rows.mutate(**{_AGE: age.cast("int64")})


def _broken(rows: RemainingRows, columns: Iterable[str], rules: Iterable[Rule]) -> dict[str, Any]:
    """By column, whether a cell breaks one of the ``rules``."""
    of_table = [
        rule
        for rule in rules
        if rule.applies_to(rows.table, rows.frame) and rule.needs is None and rule.instead is None
    ]
    conditions = {name: [rule.broken(rows) for rule in of_table if rule.column == name] for name in columns}
    nothing = ibis.literal(value=False)
    return {name: reduce(or_, found, nothing).fill_null(nothing) for name, found in conditions.items()}


def _united_values(rows: ibis.Table, key: str, columns: Iterable[str], broken: dict[str, Any]) -> ibis.Table:
    """One row for each customer or product: the newest usable value of each column, or else the newest."""
    newest: dict[str, Any] = {}
    for name in columns:
        there = rows[name].notnull()
        newest[_ANY + name] = rows[name].argmin(rows[_AGE], where=there)
        newest[_USABLE + name] = rows[name].argmin(rows[_AGE], where=there & ~broken[name])
    found = rows.group_by(key).agg(**newest)
    picked = {name: ibis.coalesce(found[_USABLE + name], found[_ANY + name]) for name in columns}
    united_values = found.select(key, **picked)
    for name in (name for name in (*ADDED_UP, c.CONCERNS) if name in picked):
        united_values = _with_entries(united_values, rows, key, name)
    return united_values


def _with_entries(values: ibis.Table, rows: ibis.Table, key: str, column: str) -> ibis.Table:
    """``values`` with all entries of a list, each once, in the order of the rows; an empty list stays one."""
    lists = rows.filter(rows[column].length() > 0).select(key, ROW, column)
    spread: Any = lists.mutate(**{_PLACE: ibis.range(lists[column].length()).unnest()})
    entries = spread.select(key, ROW, _PLACE, **{_ENTRY: spread[column][spread[_PLACE]]})
    nth = ibis.row_number().over(group_by=(key, _ENTRY), order_by=(entries[ROW], entries[_PLACE]))
    first = entries.mutate(nth=nth).filter(ibis._.nth == 0)
    pairs = ibis.struct({"row": first[ROW], "place": first[_PLACE], "entry": first[_ENTRY]}).collect().sort()
    listed = first.group_by(key).agg(**{_ENTRY: pairs.map(lambda pair: pair["entry"])})
    joined: Any = values.left_join(listed, key)
    kept = {name: joined[name] for name in values.columns if name != column}
    return joined.select(**kept, **{column: ibis.coalesce(joined[_ENTRY], joined[column])})


def _with_values(rows: ibis.Table, values: ibis.Table, key: str, columns: list[str]) -> ibis.Table:
    """``rows`` with the united ``values``, the marks of unreadable cells where there is no value, and ``ADDING``."""
    first = rows.semi_join(rows.group_by(key).agg(**{ROW: rows[ROW].min()}), ROW)
    theirs = values.rename({_USABLE + name: name for name in columns})
    earliest = first.select(key, **{_ANY + name: first[name] for name in columns})
    joined: Any = rows.left_join(theirs, key).drop(f"{key}_right").left_join(earliest, key).drop(f"{key}_right")
    marks = {unreadable_mark(name): joined[_USABLE + name].isnull() for name in columns}
    kept = {name: joined[name] & marks[name] if name in marks else joined[name] for name in rows.columns}
    kept |= {name: joined[_USABLE + name] for name in columns}
    adding = reduce(or_, (_differs(joined[name], joined[_ANY + name]) for name in columns), ibis.literal(value=False))
    return joined.select(**kept, **{ADDING: adding})


def _differs(cells: Any, others: Any) -> Any:
    """Whether a cell has a value that the other has not."""
    return cells.notnull() & (others.isnull() | (cells != others)).fill_null(False)
