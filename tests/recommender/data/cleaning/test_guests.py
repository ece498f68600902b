"""Transactions of nobody that is known: kept as baskets, and as nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import Prepared, prepare, prepare_folder
from recommender.data.interactions import interactions
from recommender.data.raw_tables import RawTables
from settings.config import Config

Build = Callable[..., RawTables]
NOW = datetime(2025, 7, 1, tzinfo=UTC)
SALES = {
    "transaction_id": ["t1", "g1", "g1", "g2", "g2", "g2"],
    "customer_id": ["c1", None, None, "", None, None],
    "product_id": ["p1", "p1", "p2", "p1", "p1", "gone"],
    "quantity": [1, 1, 2, 1, 1, 1],
    "time": ["2025-01-01"] * 6,
}


def clean(raw: RawTables) -> Prepared:
    return prepare(raw, Config(), NOW)


def test_rows_of_a_transaction_without_a_customer_are_guest_baskets(raw: Build) -> None:
    prepared = clean(raw(transactions=SALES))
    guests = prepared.tables.guest_baskets
    assert guests is not None
    assert [*guests] == [c.TRANSACTION_ID, c.PRODUCT_ID, c.QUANTITY, c.TIME]
    assert guests[[c.TRANSACTION_ID, c.PRODUCT_ID, c.QUANTITY]].to_numpy().tolist() == [
        ["g1", "p1", 1],
        ["g1", "p2", 2],
        ["g2", "p1", 1],
        ["g2", "p1", 1],
    ]
    assert prepared.counts["transactions"] == {"read": 6, "kept": 5, "quarantined": 1, "repaired": 0}
    assert prepared.guests == 4
    assert prepared.quarantine[[c.TABLE, c.ROW, c.RULE]].to_numpy().tolist() == [["transactions", 5, "unknown_product"]]


def test_guests_are_no_customers(raw: Build) -> None:
    tables = clean(raw(transactions=SALES)).tables
    assert interactions(tables)[c.CUSTOMER_ID].tolist() == ["c1"]


def test_a_row_of_a_known_customers_transaction_is_no_guests(raw: Build) -> None:
    prepared = clean(raw(transactions=SALES | {"transaction_id": ["t1", "t1", "t1", "g2", "g2", "g2"]}))
    reasons = prepared.quarantine.set_index(c.ROW)[c.REASON]
    assert "another row of transaction 't1' has one (fill_down)" in reasons[1]
    assert prepared.guests == 2


def test_a_customer_who_cannot_be_read_is_no_guest(raw: Build) -> None:
    prepared = clean(raw(transactions=SALES | {"customer_id": ["c1", "x" * 300, "x" * 300, None, None, None]}))
    assert prepared.quarantine[c.RULE].tolist() == ["unreadable_id", "unreadable_id", "unknown_product"]


def test_what_a_guest_brings_back_is_no_part_of_the_basket(raw: Build) -> None:
    back = {"product_id": ["p1", "p1", "p2", "p1", "p1", "p2"], "quantity": [1, 1, 2, 3, -1, 1]}
    prepared = clean(raw(transactions=SALES | back))
    assert prepared.tables.guest_baskets is not None
    assert prepared.tables.guest_baskets[c.QUANTITY].tolist() == [1, 2, 2, 1]
    assert prepared.quarantine[[c.ROW, c.RULE]].to_numpy().tolist() == [[4, "returned"]]


def test_where_everybody_is_a_guest_others_say_who_the_customers_are(raw: Build) -> None:
    sales = {name: cells[1:] for name, cells in SALES.items()}
    with pytest.raises(DataError, match=r"No transaction names its customer"):
        clean(raw(transactions=sales))
    ratings = {"customer_id": ["c1"], "product_id": ["p1"], "rating": [5]}
    prepared = clean(raw(transactions=sales, ratings=ratings))
    assert prepared.tables.transactions is None
    assert prepared.counts["transactions"] == {"read": 5, "kept": 4, "quarantined": 1, "repaired": 0}


def test_guests_whose_rows_are_all_wrong_stop_nothing(raw: Build) -> None:
    prepared = clean(raw(transactions=SALES | {"product_id": ["p1", *["gone"] * 5]}))
    assert prepared.tables.transactions is not None
    assert prepared.guests == 0
    assert prepared.tables.guest_baskets is None
    assert prepared.counts["transactions"] == {"read": 6, "kept": 1, "quarantined": 5, "repaired": 0}


def test_a_folder_gives_the_same_baskets(raw: Build, tmp_path: Path) -> None:
    raw(transactions=SALES).write(tmp_path / "raw")
    stored = prepare_folder(tmp_path / "raw", tmp_path / "tables", Config(), NOW)
    prepared = clean(raw(transactions=SALES))
    assert stored.counts == prepared.counts
    read: Any = Tables.read(tmp_path / "tables").guest_baskets
    pd.testing.assert_frame_equal(read, prepared.tables.guest_baskets)
