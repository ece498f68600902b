"""Compares planted errors with what cleaning did, and counts the rows of a data set."""

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared
from recommender.synthetic.shop import DEFECT, OUTCOME
from recommender.synthetic.tables.dirt import KEEP, MEND, REJECT

Rows = set[tuple[str, int]]

OUTCOMES: Final = {REJECT: "quarantined", MEND: "its cell emptied", KEEP: "kept"}
"""What cleaning should do with a defect, in words."""


def defect_results(planted: pd.DataFrame, prepared: Prepared) -> list[dict[str, Any]]:
    """For each planted defect: how many there are, the expected outcome, and how many had it."""
    done = _done(prepared)
    groups = planted.groupby([DEFECT, c.TABLE, OUTCOME], sort=True)
    return [_defect_result(*map(str, names), rows=_rows(rows), done=done) for names, rows in groups]


def _defect_result(defect: str, table: str, outcome: str, rows: Rows, done: dict[str, Rows]) -> dict[str, Any]:
    right = rows & done[outcome] if outcome in done else rows - done[REJECT] - done[MEND]
    return {"defect": defect, "table": table, "should be": outcome, "planted": len(rows), "done": len(right)}


def sound_row_results(planted: pd.DataFrame, prepared: Prepared) -> dict[str, Any]:
    """The number of rows without a defect, and how many of them were rejected or had a cell emptied."""
    soiled, done = _rows(planted), _done(prepared)
    return {
        "sound": sum(prepared.read.values()) - len(soiled),
        "rejected": len(done[REJECT] - soiled),
        "emptied": len(done[MEND] - soiled),
    }


def table_results(name: str, prepared: Prepared) -> list[dict[str, Any]]:
    """Every table's rows: read, kept, quarantined, with a cell emptied."""
    return [{"data": name, "table": table, **counts} for table, counts in prepared.counts.items()]


def share_done(defects: Iterable[dict[str, Any]], outcome: str) -> float:
    """The share of the planted defects with this expected outcome that had it."""
    expected = [defect for defect in defects if defect["should be"] == outcome]
    return sum(defect["done"] for defect in expected) / sum(defect["planted"] for defect in expected)


def _done(prepared: Prepared) -> dict[str, Rows]:
    return {REJECT: _rows(prepared.quarantine), MEND: _rows(prepared.repairs)}


def _rows(records: pd.DataFrame) -> Rows:
    return {(str(table), int(row)) for table, row in zip(records[c.TABLE], records[c.ROW], strict=True)}
