"""A typed table through the cleaning rules: what is kept, what is rejected, what was emptied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any, Final

import ibis
import pandas as pd
import pyarrow as pa

from infrastructure.errors import DataError
from infrastructure.progress import timed
from recommender.contract import columns as c
from recommender.contract.arrow import as_frame
from recommender.contract.fields import fields_of
from recommender.data.cleaning import quarantine
from recommender.data.cleaning.filling import Filled
from recommender.data.cleaning.rule import Rows, Rule
from recommender.data.cleaning.rules import rules_for
from recommender.data.engines.backend import ROW, Backend
from recommender.data.raw_tables import Provenance

_RULE: Final = "_rule"
"""Mark of a row that breaks a rule."""


@dataclass(frozen=True)
class Cleaned:
    """One table after the rules.

    Attributes:
        rows: The rows kept, with the columns of the contract that the source has and ``ROW``, their number there.
        read: How many rows there were.
        rejected: Quarantine records of the others.
        repaired: Quarantine records of cells that were emptied in rows kept.
        filled: What was written where values were missing.
    """

    rows: ibis.Table
    read: int
    rejected: pd.DataFrame
    repaired: pd.DataFrame
    filled: Sequence[Filled] = ()


@dataclass(frozen=True)
class Cleaner:
    """Puts tables of one data set through the rules."""

    origin: Provenance
    backend: Backend

    def clean(self, rows: Rows, raw: ibis.Table, read: int) -> Cleaned:
        """Apply every rule to a table.

        Args:
            rows: The table, typed.
            raw: The same rows as they were read.
            read: How many there are.

        Raises:
            DataError: The rules leave no row.
        """
        taking, emptying = rules_for(rows.shop.settings.missing)
        with timed(f"{rows.table} cleaned") as figures:
            kept, rejected = self._reject(rows, raw, taking)
            figures |= {"rows": read, "kept": read - len(rejected), "quarantined": len(rejected)}
            if read == len(rejected):
                raise _nothing_left(self.origin, rows.table, rejected)
            frame, repaired = self._repair(replace(rows, frame=kept), raw, emptying)
            figures["repaired"] = len(repaired)
        return Cleaned(frame, read, rejected, repaired)

    def _reject(self, rows: Rows, raw: ibis.Table, taking: Iterable[Rule]) -> tuple[ibis.Table, pd.DataFrame]:
        """The rows that break no rule, and records of the others."""
        left, parts = rows.frame, list[pd.DataFrame]()
        for rules in _stages([rule for rule in taking if rule.applies_to(rows.table, left)]):
            around = replace(rows, frame=rows.shop.around(left, _needs(rules)))
            first = ibis.cases(*((rule.broken(around), at) for at, rule in enumerate(rules)), else_=ibis.null("int64"))
            found = self._found(raw, around.frame.select(**{ROW: around.frame[ROW], _RULE: first}), [_RULE])
            if found.num_rows:
                left = left.anti_join(self.backend.given(found.select([ROW])), ROW)
                of_rule = found[_RULE].to_numpy()
                parts += [self._records(rows, found.filter(of_rule == at), rule) for at, rule in enumerate(rules)]
        return left, quarantine.together(parts)

    def _repair(self, rows: Rows, raw: ibis.Table, emptying: Iterable[Rule]) -> tuple[ibis.Table, pd.DataFrame]:
        """The rows with the cells emptied that break a rule, and records of these cells."""
        columns = [name for name in rows.frame.columns if name in fields_of(rows.table)]
        unchanged = rows.frame.select(*columns, ROW)
        rules = {f"{_RULE}{at}": rule for at, rule in enumerate(emptying) if rule.applies_to(rows.table, rows.frame)}
        if not rules:
            return unchanged, quarantine.together([])
        around = replace(rows, frame=rows.shop.around(rows.frame, _needs(rules.values())))
        breaks = {at: ibis.ifelse(rule.broken(around), True, None) for at, rule in rules.items()}
        found = self._found(raw, around.frame.select(**{ROW: around.frame[ROW]}, **breaks), [*rules])
        if not found.num_rows:
            return unchanged, quarantine.together([])
        parts = [self._records(rows, found.filter(found[at].is_valid()), rule) for at, rule in rules.items()]
        return _emptied(unchanged, self.backend.given(found.select([ROW, *rules])), rules), quarantine.together(parts)

    def _found(self, raw: ibis.Table, marked: ibis.Table, marks: Sequence[str]) -> pa.Table:
        """The raw rows that have one of ``marks``, with them."""
        broken = marked.filter(reduce(or_, (marked[name].notnull() for name in marks)))
        return self.backend.fetched(raw.inner_join(broken, ROW).order_by(ROW))

    def _records(self, rows: Rows, found: pa.Table, rule: Rule) -> pd.DataFrame:
        """A record for each of the raw rows ``found``."""
        content = as_frame(found.select([name for name in found.column_names if name in fields_of(rows.table)]))
        return quarantine.records(
            self.origin.name, rows.table, found[ROW].to_pylist(), content, rule, rows.shop.settings
        )


def _emptied(rows: ibis.Table, broken: ibis.Table, rules: Mapping[str, Rule]) -> ibis.Table:
    """``rows`` without the cells of those rows in ``broken`` that break the rule whose mark they have."""
    joined: Any = rows.left_join(broken, ROW)
    values = {name: joined[name] for name in rows.columns}
    for mark, rule in rules.items():
        values[rule.column] = ibis.ifelse(joined[mark].notnull(), ibis.null(), values[rule.column])
    return joined.select(**values)


def _stages(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that can be asked at once: a stage begins with each rule that looks at what those before it leave."""
    begins = [at for at, rule in enumerate(rules) if at == 0 or not rule.alone]
    return [list(rules[begin:end]) for begin, end in pairwise([*begins, len(rules)])]


def _needs(rules: Iterable[Rule]) -> set[str]:
    return {rule.needs for rule in rules if rule.needs}


def _nothing_left(origin: Provenance, table: str, rejected: pd.DataFrame) -> DataError:
    rule = str(rejected[c.RULE].mode().iloc[0])
    first = rejected[rejected[c.RULE] == rule].iloc[0]
    return DataError(
        f"No row of {table} can be used: all {len(rejected)} were rejected, most by the rule '{rule}'.",
        where=origin.origin(table).file,
        field=f"row {first[c.ROW]}",
        value=first[c.REASON],
        expected="at least one row that no cleaning rule rejects",
    )
