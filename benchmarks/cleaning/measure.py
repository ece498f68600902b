"""Planted dirt held against what cleaning did, and every row of a data set accounted for."""

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared
from recommender.synthetic.shop import DEFECT, OUTCOME
from recommender.synthetic.tables.dirt import KEEP, MEND, REJECT

Rows = set[tuple[str, int]]

OUTCOMES: Final = {REJECT: "quarantined", MEND: "its cell emptied", KEEP: "kept"}
"""What should become of a defect, in words."""


def of_defects(planted: pd.DataFrame, prepared: Prepared) -> list[dict[str, Any]]:
    """Of each planted defect how many there are, what should become of them, and of how many it did."""
    done = _done(prepared)
    groups = planted.groupby([DEFECT, c.TABLE, OUTCOME], sort=True)
    return [_of_defect(*map(str, names), rows=_rows(rows), done=done) for names, rows in groups]


def _of_defect(defect: str, table: str, outcome: str, rows: Rows, done: dict[str, Rows]) -> dict[str, Any]:
    right = rows & done[outcome] if outcome in done else rows - done[REJECT] - done[MEND]
    return {"defect": defect, "table": table, "should be": outcome, "planted": len(rows), "done": len(right)}


def of_sound_rows(planted: pd.DataFrame, prepared: Prepared) -> dict[str, Any]:
    """How many rows without a defect there are, and how many of them were rejected or had a cell emptied."""
    soiled, done = _rows(planted), _done(prepared)
    return {
        "sound": sum(prepared.read.values()) - len(soiled),
        "rejected": len(done[REJECT] - soiled),
        "emptied": len(done[MEND] - soiled),
    }


def of_tables(name: str, prepared: Prepared) -> list[dict[str, Any]]:
    """Every table's rows: read, kept, quarantined, with a cell emptied."""
    return [{"data": name, "table": table, **counts} for table, counts in prepared.counts.items()]


def share(defects: Iterable[dict[str, Any]], outcome: str) -> float:
    """The part of the planted defects with that outcome that had it."""
    wanted = [one for one in defects if one["should be"] == outcome]
    return sum(one["done"] for one in wanted) / sum(one["planted"] for one in wanted)


def _done(prepared: Prepared) -> dict[str, Rows]:
    return {REJECT: _rows(prepared.quarantine), MEND: _rows(prepared.repairs)}


def _rows(records: pd.DataFrame) -> Rows:
    return {(str(table), int(row)) for table, row in zip(records[c.TABLE], records[c.ROW], strict=True)}
