"""Returns take back the pieces that plain Python says, whatever was bought and came back in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare, prepare_folder
from recommender.data.raw_tables import RawTables
from settings.config import Config

NOW = datetime(2025, 7, 1, tzinfo=UTC)
PRODUCTS = pd.DataFrame({"product_id": ["p1", "p2"], "name": ["Cream", "Gel"], "price": [10.0, 10.0]})
ALWAYS = {"transaction_id": "t0", "customer_id": "c0", "product_id": "p1", "quantity": 1, "day": 1}
"""A purchase that nobody returns, so that something is always left."""


@dataclass
class Line:
    """A line of the file, and what plain Python makes of it."""

    row: int
    transaction_id: str | None
    customer_id: str
    product_id: str
    quantity: int
    day: int | None
    left: int = field(init=False)
    partners: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = abs(self.quantity)


def reference(lines: Sequence[Line], dated: bool) -> None:
    """Match every return, line by line: the definition."""
    purchases = [line for line in lines if line.quantity > 0]
    returns = [line for line in lines if line.quantity < 0]
    open_ones: list[Line] = []
    for back in returns:
        same = [line for line in purchases if pair(line) == pair(back)]
        named = [line for line in same if back.transaction_id and line.transaction_id == back.transaction_id]
        for purchase in reversed(named):
            take(purchase, back)
        open_ones += [] if named else [back]
    for back in sorted(open_ones, key=lambda line: when(line, dated)):
        earlier = [line for line in purchases if pair(line) == pair(back) and when(line, dated) < when(back, dated)]
        for purchase in sorted(earlier, key=lambda line: when(line, dated), reverse=True):
            take(purchase, back)


def take(purchase: Line, back: Line) -> None:
    pieces = min(purchase.left, back.left)
    if pieces:
        purchase.left -= pieces
        back.left -= pieces
        purchase.partners.append(back.row)
        back.partners.append(purchase.row)


def pair(line: Line) -> tuple[str, str]:
    return line.customer_id, line.product_id


def when(line: Line, dated: bool) -> tuple[int, ...]:
    return (line.day or 0, line.quantity < 0, line.row) if dated else (line.row,)


def raw_of(lines: Sequence[dict[str, Any]], dated: bool) -> RawTables:
    frame = pd.DataFrame([*lines])
    days = frame.pop("day")
    if dated:
        frame["time"] = [f"2025-01-{day:02d}" for day in days]
    return RawTables("shop", {"products": PRODUCTS, "transactions": frame})


DRAWN = st.lists(
    st.fixed_dictionaries(
        {
            "transaction_id": st.sampled_from([None, "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"]),
            "customer_id": st.sampled_from(["c1", "c2"]),
            "product_id": st.sampled_from(["p1", "p2"]),
            "quantity": st.integers(-3, 3).filter(bool),
            "day": st.integers(2, 6),
        }
    ),
    max_size=14,
)


def without_repeats(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of which none repeats another, which another rule would take."""
    found: dict[Any, dict[str, Any]] = {}
    for at, row in enumerate(rows):
        key = (row["transaction_id"] or at, row["customer_id"], row["product_id"], row["quantity"] < 0)
        found.setdefault(key, row)
    return [*found.values()]


@settings(max_examples=25, derandomize=True, deadline=None)
@given(drawn=DRAWN, dated=st.booleans())
def test_pieces_bought_less_pieces_returned_are_pieces_kept(drawn: list[dict[str, Any]], dated: bool) -> None:
    rows = [ALWAYS, *without_repeats(drawn)]
    lines = [Line(at, **row) for at, row in enumerate(rows)]
    reference(lines, dated)
    prepared = prepare(raw_of(rows, dated), Config(), NOW)
    assert kept_pieces(prepared, rows) == {line.row: line.left for line in lines if line.quantity > 0 and line.left}
    records = prepared.quarantine.set_index(c.ROW)
    assert prepared.counts["transactions"]["read"] == len(rows)
    for line in lines:
        if line.quantity > 0 and line.left:
            continue
        rule, reason = records.loc[line.row, [c.RULE, c.REASON]]
        assert rule == ("returned" if line.partners else "refund"), line
        expected = line.partners[-1] if line.quantity > 0 else (line.partners or [None])[0]
        assert expected is None or reason.endswith(f"row {expected}"), (line, reason)


def kept_pieces(prepared: Prepared, rows: Sequence[dict[str, Any]]) -> dict[int, int]:
    """By row of the source, the pieces that a clean purchase has."""
    gone = {*prepared.quarantine[c.ROW]}
    there = [at for at in range(len(rows)) if at not in gone]
    transactions = prepared.tables.transactions
    assert transactions is not None
    assert len(there) == len(transactions)
    return dict(zip(there, transactions[c.QUANTITY].tolist(), strict=True))


@settings(max_examples=8, derandomize=True, deadline=None)
@given(drawn=DRAWN)
def test_what_was_cleaned_once_is_left_alone(drawn: list[dict[str, Any]]) -> None:
    first = prepare(raw_of([ALWAYS, *drawn], dated=True), Config(), NOW).tables
    again = prepare(RawTables("again", dict(first)), Config(), NOW)
    assert again.quarantine.empty
    pd.testing.assert_frame_equal(again.tables.transactions, first.transactions)


@pytest.mark.slow
@pytest.mark.usefixtures("spark")
def test_spark_matches_as_duckdb_does(tmp_path: Any) -> None:
    rows = [
        {**ALWAYS, "transaction_id": f"t{at}", "customer_id": f"c{at % 3}", "quantity": (at * 7) % 5 - 2 or 1,
         "day": 1 + at % 9, "returned": at % 11 == 0, "unit_price": -9 if at % 13 == 5 else 10}
        for at in range(60)
    ]  # fmt: skip
    raw_of(rows, dated=True).write(tmp_path / "raw")
    found = {}
    for engine in ("duckdb", "spark"):
        config = Config.parse({"compute": {"engine": engine}}, where="test")
        found[engine] = prepare_folder(tmp_path / "raw", tmp_path / engine, config, NOW)
    assert {*found["duckdb"].quarantine[c.RULE]} >= {"returned", "refund"}
    pd.testing.assert_frame_equal(found["spark"].quarantine, found["duckdb"].quarantine)
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "spark" / "transactions.parquet"),
        pd.read_parquet(tmp_path / "duckdb" / "transactions.parquet"),
    )
