"""Applies the cleaning rules to a typed table: which rows are kept, which are rejected, which cells are emptied."""

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
from infrastructure.progress import note, timed
from recommender.contract import columns as c
from recommender.contract.arrow import as_frame
from recommender.contract.fields import fields_of
from recommender.data.cleaning import quarantine
from recommender.data.cleaning.imputation import ImputedColumn
from recommender.data.cleaning.rule import RemainingRows, Rule
from recommender.data.cleaning.rules import rules_for
from recommender.data.engines.backend import ROW, Backend
from recommender.data.provenance import Provenance

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
        filled: What was imputed in each column.
    """

    rows: ibis.Table
    read: int
    rejected: pd.DataFrame
    repaired: pd.DataFrame
    filled: Sequence[ImputedColumn] = ()


@dataclass(frozen=True)
class Cleaner:
    """Applies the rules to the tables of one data set."""

    provenance: Provenance
    backend: Backend

    def clean(self, rows: RemainingRows, raw: ibis.Table, read: int, own: ibis.Table | None = None) -> Cleaned:
        """Apply every rule to a typed table.

        Args:
            rows: The table.
            raw: The same rows as they were read.
            read: How many they are.
            own: The table before rows were united, where some were: a wrong cell of theirs is recorded, too, when
                another row had a better one.
        """
        taking, emptying = rules_for(rows.shop.settings.missing)
        with timed(f"{rows.table} cleaned") as figures:
            kept, rejected = self._reject(rows, raw, taking)
            figures |= {"rows": read, "kept": read - len(rejected), "quarantined": len(rejected)}
            frame, repaired = self._repair(replace(rows, frame=kept), raw, emptying)
            if own is not None:
                repaired = self._with_replaced(repaired, replace(rows, frame=own.semi_join(kept, ROW)), raw, emptying)
            figures["repaired"] = len(repaired)
        _tell_emptied(rows.table, repaired)
        return Cleaned(frame, read, rejected, repaired)

    def _reject(self, rows: RemainingRows, raw: ibis.Table, taking: Iterable[Rule]) -> tuple[ibis.Table, pd.DataFrame]:
        """The rows that break no rule, and records of the others."""
        left, parts = rows.frame, list[pd.DataFrame]()
        for rules in _stages([rule for rule in taking if rule.applies_to(rows.table, left)]):
            judged = _with_facts(replace(rows, frame=left), rules)
            first = ibis.cases(*((rule.broken(judged), at) for at, rule in enumerate(rules)), else_=ibis.null("int64"))
            found = self._broken_rows(raw, judged.frame, {_RULE: first})
            if found.num_rows:
                left = left.anti_join(self.backend.from_arrow(found.select([ROW])), ROW)
                of_rule = found[_RULE].to_numpy()
                parts += [self._records(rows, found.filter(of_rule == at), rule) for at, rule in enumerate(rules)]
        return left, quarantine.all_records(parts)

    def _repair(
        self, rows: RemainingRows, raw: ibis.Table, emptying: Iterable[Rule]
    ) -> tuple[ibis.Table, pd.DataFrame]:
        """The rows without the cells that break a rule, and records of these cells."""
        columns = [name for name in rows.frame.columns if name in fields_of(rows.table)]
        unchanged = rows.frame.select(*columns, ROW)
        rules = {f"{_RULE}{at}": rule for at, rule in enumerate(emptying) if rule.applies_to(rows.table, rows.frame)}
        if not rules:
            return unchanged, quarantine.all_records([])
        judged = _with_facts(rows, rules.values())
        marks = {at: ibis.ifelse(rule.broken(judged), True, None) for at, rule in rules.items()}
        found = self._broken_rows(raw, judged.frame, marks)
        if not found.num_rows:
            return unchanged, quarantine.all_records([])
        parts = [self._records(rows, found.filter(found[at].is_valid()), rule) for at, rule in rules.items()]
        emptied = _emptied(unchanged, self.backend.from_arrow(found.select([ROW, *rules])), rules)
        return emptied, quarantine.all_records(parts)

    def _with_replaced(
        self, repaired: pd.DataFrame, own: RemainingRows, raw: ibis.Table, emptying: Iterable[Rule]
    ) -> pd.DataFrame:
        """``repaired``, and records of wrong cells for which another row's value was taken."""
        together = quarantine.all_records([repaired, self._repair(own, raw, emptying)[1]])
        return together.drop_duplicates([c.ROW, c.RULE, c.REASON], ignore_index=True)

    def _broken_rows(self, raw: ibis.Table, rows: ibis.Table, marks: Mapping[str, Any]) -> pa.Table:
        """The raw rows of which any of ``marks`` is not missing, with their marks."""
        marked = rows.select(**{ROW: rows[ROW]}, **marks)
        broken = marked.filter(reduce(or_, (marked[name].notnull() for name in marks)))
        return self.backend.to_arrow(raw.inner_join(broken, ROW).order_by(ROW))

    def _records(self, rows: RemainingRows, broken: pa.Table, rule: Rule) -> pd.DataFrame:
        """A record for each of the raw rows ``broken``."""
        content = as_frame(broken.select([name for name in broken.column_names if name in fields_of(rows.table)]))
        return quarantine.quarantine_records(
            self.provenance.name, rows.table, broken[ROW].to_pylist(), content, rule, rows.shop.settings
        )


def require_rows(table: str, cleaned: Cleaned, provenance: Provenance) -> None:
    """Refuse a table of which the rules left nothing.

    Raises:
        DataError: They left no row.
    """
    if cleaned.read and cleaned.read == len(cleaned.rejected):
        raise _nothing_left(provenance, table, cleaned.rejected)


def _tell_emptied(table: str, repaired: pd.DataFrame) -> None:
    """Say of how many cells each rule took the value: of stock, how many products count as not there."""
    for rule, cells in repaired[c.RULE].value_counts().items():
        note(f"{table}: unusable cells, {rule}", cells=int(cells))


def _emptied(rows: ibis.Table, broken: ibis.Table, rules: Mapping[str, Rule]) -> ibis.Table:
    """``rows`` without the cells of those rows in ``broken`` that break the rule whose mark they have."""
    joined: Any = rows.left_join(broken, ROW)
    values = {name: joined[name] for name in rows.columns}
    for mark, rule in ((mark, rule) for mark, rule in rules.items() if not rule.told):
        values[rule.column] = ibis.ifelse(joined[mark].notnull(), rule.instead, values[rule.column])
    return joined.select(**values)


def _stages(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that can be applied at once: a rule that compares the rows left by those before it begins a new stage."""
    begins = [at for at, rule in enumerate(rules) if at == 0 or not rule.alone]
    return [list(rules[begin:end]) for begin, end in pairwise([*begins, len(rules)])]


def _with_facts(rows: RemainingRows, rules: Iterable[Rule]) -> RemainingRows:
    """``rows`` with the facts that the rules need."""
    return replace(rows, frame=rows.shop.with_facts(rows.frame, {rule.needs for rule in rules if rule.needs}))


def _nothing_left(provenance: Provenance, table: str, rejected: pd.DataFrame) -> DataError:
    rule = str(rejected[c.RULE].mode().iloc[0])
    first = rejected[rejected[c.RULE] == rule].iloc[0]
    return DataError(
        f"No row of {table} can be used: all {len(rejected)} were rejected, most by the rule '{rule}'.",
        where=provenance.origin(table).file,
        field=f"row {first[c.ROW]}",
        value=first[c.REASON],
        expected="at least one row that no cleaning rule rejects",
    )
