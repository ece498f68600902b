"""A typed table through the cleaning rules: what is kept, what is rejected, what was emptied."""

from dataclasses import dataclass

import pandas as pd

from recommender import columns as c
from recommender.data import quarantine
from recommender.data.raw import RawTables
from recommender.data.rule import Mask, Rows
from recommender.data.rules import CELL_RULES, ROW_RULES
from recommender.errors import DataError
from recommender.progress import timed


@dataclass(frozen=True)
class Cleaned:
    """One table after the rules.

    Attributes:
        frame: The rows kept; the index is the row number in the source.
        rejected: Quarantine records of the others.
        repaired: Quarantine records of cells that were emptied in rows kept.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame
    repaired: pd.DataFrame


def clean(raw: RawTables, rows: Rows) -> Cleaned:
    """Apply every rule to a table.

    Raises:
        DataError: The rules leave no row.
    """
    with timed(f"{rows.table} cleaned", rows=len(rows.frame)) as figures:
        kept, rejected = _reject(raw, rows)
        frame, repaired = _repair(raw, kept)
        figures |= {"kept": len(frame), "quarantined": len(rejected), "repaired": len(repaired)}
    return Cleaned(frame, rejected, repaired)


def _reject(raw: RawTables, rows: Rows) -> tuple[Rows, pd.DataFrame]:
    parts: list[pd.DataFrame] = []
    for rule in ROW_RULES:
        if rule.applies_to(rows.table, rows.frame) and (mask := rule.mask(rows)).any():
            parts.append(quarantine.records(raw, rows, rule, mask))
            rows = rows.without(mask)
    rejected = quarantine.together(parts)
    if rows.frame.empty:
        raise _nothing_left(raw, rows.table, rejected)
    return rows, rejected


def _repair(raw: RawTables, rows: Rows) -> tuple[pd.DataFrame, pd.DataFrame]:
    parts: list[pd.DataFrame] = []
    emptied: dict[str, Mask] = {}
    for rule in CELL_RULES:
        if rule.applies_to(rows.table, rows.frame) and (mask := rule.mask(rows)).any():
            parts.append(quarantine.records(raw, rows, rule, mask))
            emptied[rule.column] = mask | emptied.get(rule.column, mask)
    columns = {name: rows.frame[name].mask(mask, None) for name, mask in emptied.items()}
    return rows.frame.assign(**columns), quarantine.together(parts)


def _nothing_left(raw: RawTables, table: str, rejected: pd.DataFrame) -> DataError:
    rule = str(rejected[c.RULE].mode().iloc[0])
    first = rejected[rejected[c.RULE] == rule].iloc[0]
    return DataError(
        f"No row of {table} can be used: all {len(rejected)} were rejected, most by the rule '{rule}'.",
        where=raw.origin(table).file,
        field=f"row {first[c.ROW]}",
        value=first[c.REASON],
        expected="at least one row that no cleaning rule rejects",
    )
