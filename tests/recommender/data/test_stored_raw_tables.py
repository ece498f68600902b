"""Raw tables in a folder with feedback and without forgotten customers: the same as in memory."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.data import stored_raw_tables
from recommender.data.feedback import FEEDBACK_FILE
from recommender.data.forgotten_customers import ForgottenCustomers, with_feedback_and_erasures
from recommender.data.provenance import Origin
from recommender.data.raw_tables import RawTables, storable
from recommender.data.stored_raw_tables import add_feedback_and_erasures, rows_of

EVENTS = {
    "customer_id": ["1", "2", "3"],
    "type": ["view", "avoid", "search"],
    "query": [None, "parabens", "mask"],
    "product_id": ["p1", None, None],
    "time": ["2024-01-01"] * 3,
}
TABLES: dict[str, dict[str, list[Any]]] = {
    "customers": {"customer_id": [1, 2, 3], "avoided_ingredients": [["fragrance"], None, []]},
    "products": {"product_id": ["p1"], "name": ["Mask"]},
    "transactions": {
        "transaction_id": [7, 8, 9, 10, 7],
        "customer_id": [1, 2, 1, None, None],
        "product_id": ["p1"] * 5,
    },
    "events": EVENTS,
}


def raw(*names: str) -> RawTables:
    tables = {name: storable(name, pd.DataFrame(TABLES[name])) for name in names}
    return RawTables("shop", tables, {name: Origin(f"{name}.csv") for name in names})


@pytest.mark.parametrize("forget", [(), ("1",), ("1", "2", "3"), ("9",)])
@pytest.mark.parametrize("feedback", [False, True])
@pytest.mark.parametrize(
    "names",
    [
        ("customers", "products", "transactions", "events"),
        ("products", "transactions", "events"),
        ("products", "transactions"),
    ],
)
def test_the_same_as_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], feedback: bool, forget: tuple[str, ...]
) -> None:
    monkeypatch.setattr(stored_raw_tables, "_ROWS", 2)
    shop = Workspace(tmp_path / "shop")
    if feedback:
        shop.feedback.mkdir(parents=True)
        told = pd.DataFrame(EVENTS | {"customer_id": ["4", "1", "5"], "event_id": ["a", "b", "c"]})
        told.to_parquet(shop.feedback / FEEDBACK_FILE)
    for customer in forget:
        ForgottenCustomers.read(shop.forgotten).remember(customer, shop.forgotten)
    before = raw(*names)
    before.write(tmp_path / "raw")
    before.write(tmp_path / "whole")
    with_feedback_and_erasures(RawTables.read(tmp_path / "whole"), shop).write(tmp_path / "whole")
    add_feedback_and_erasures(tmp_path / "raw", shop)
    expected, found = RawTables.read(tmp_path / "whole"), RawTables.read(tmp_path / "raw")
    assert found.origins == expected.origins
    assert found.tables.keys() == expected.tables.keys()
    for name, table in expected.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table)
    assert rows_of(tmp_path / "raw") == {name: len(table) for name, table in expected.tables.items()}
    assert {path.suffix for path in (tmp_path / "raw").iterdir()} == {".parquet", ".json"}


def test_what_does_not_change_is_not_written_anew(tmp_path: Path) -> None:
    raw("customers", "products", "transactions").write(tmp_path)
    shop = Workspace(tmp_path / "shop")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")}
    add_feedback_and_erasures(tmp_path, shop)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.parquet")} == before
    assert c.EVENTS not in rows_of(tmp_path)


def test_the_rest_of_a_forgotten_customers_transaction_becomes_no_guests(tmp_path: Path) -> None:
    raw("products", "transactions").write(tmp_path / "raw")
    shop = Workspace(tmp_path / "shop")
    ForgottenCustomers.read(shop.forgotten).remember("1", shop.forgotten)
    add_feedback_and_erasures(tmp_path / "raw", shop)
    assert RawTables.read(tmp_path / "raw").tables["transactions"][c.TRANSACTION_ID].tolist() == [8, 10]
