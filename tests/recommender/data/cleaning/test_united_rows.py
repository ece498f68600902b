"""Several rows of one account or product are one row with all their facts, whatever their order and the engine."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.raw_tables import RawTables
from settings.config import Config

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOLD = {"customer_id": ["a"], "product_id": ["p1"]}
PRODUCTS = {"product_id": ["p1"], "name": ["Cream"]}

Build = Callable[..., RawTables]


def shop(products: dict[str, list[Any]] = PRODUCTS, **tables: dict[str, list[Any]]) -> RawTables:
    everything = {"products": products, "transactions": SOLD, **tables}
    return RawTables("shop", {name: pd.DataFrame(columns) for name, columns in everything.items()})


def clean(raw: RawTables, **settings: Any) -> Prepared:
    return prepare(raw, Config.parse(settings, where="test"), NOW)


def only_row(prepared: Prepared, table: str) -> dict[Any, Any]:
    (row,) = dict(prepared.tables)[table].to_dict("records")
    return {name: None if not isinstance(cell, list) and pd.isna(cell) else cell for name, cell in row.items()}


def test_what_a_second_row_avoids_is_not_lost() -> None:
    customers = {"customer_id": ["a", "a"], "avoided_ingredients": [["linalool"], ["fragrance", "linalool"]]}
    prepared = clean(shop(customers=customers))
    assert only_row(prepared, "customers")[c.AVOIDED_INGREDIENTS] == ["linalool", "fragrance"]
    (record,) = prepared.quarantine.to_dict("records")
    assert (record[c.TABLE], record[c.ROW], record[c.RULE]) == ("customers", 1, "duplicate")
    assert "with all that either avoids" in record[c.REASON]
    assert json.loads(record[c.CONTENT])[c.AVOIDED_INGREDIENTS] == ["fragrance", "linalool"]


def test_a_second_row_that_says_the_same_adds_nothing() -> None:
    customers = {"customer_id": ["a", "a"], "skin_type": ["dry", "dry"], "concerns": [["acne"], None]}
    (record,) = clean(shop(customers=customers)).quarantine.to_dict("records")
    assert record[c.REASON] == "an earlier row has the same customer id"


def test_the_newest_row_wins_cell_by_cell_and_gaps_are_filled_by_the_next() -> None:
    customers = {
        "customer_id": ["a", "a", "a"],
        "signup_time": ["2025-03-01", "2025-05-01", "2025-04-01"],
        "skin_type": ["dry", None, "oily"],
        "region": ["north", "south", "west"],
        "birth_year": [1990, None, None],
        "concerns": [["acne"], [], ["redness"]],
    }
    row = only_row(clean(shop(customers=customers)), "customers")
    assert (row["skin_type"], row["region"], row["birth_year"]) == ("oily", "south", 1990)
    assert row["concerns"] == ["acne", "redness"]
    assert row["signup_time"] == pd.Timestamp("2025-05-01", tz=UTC)


def test_without_a_time_the_later_row_is_the_newer() -> None:
    customers = {"customer_id": ["a", "a"], "region": ["north", "south"], "skin_type": ["dry", None]}
    row = only_row(clean(shop(customers=customers)), "customers")
    assert (row["region"], row["skin_type"]) == ("south", "dry")


def test_a_wrong_cell_takes_no_right_ones_place_and_is_told() -> None:
    customers = {"customer_id": ["a", "a"], "skin_type": ["drry", "dry"], "birth_year": [1990, "old"]}
    prepared = clean(shop(customers=customers))
    row = only_row(prepared, "customers")
    assert (row["skin_type"], row["birth_year"]) == ("dry", 1990)
    assert prepared.repairs[[c.ROW, c.RULE]].to_numpy().tolist() == [[0, "unknown_skin_type"]]


def test_a_price_that_stands_in_another_row_is_not_lost() -> None:
    products = {"product_id": ["p1", "p1"], "name": [None, "Cream"], "price": [12.5, None]}
    prepared = clean(shop(products))
    assert (only_row(prepared, "products")["name"], only_row(prepared, "products")["price"]) == ("Cream", 12.5)


@pytest.mark.parametrize("newer", ["many", "2.5", "-3", "out of stock"])
def test_no_older_stock_takes_the_place_of_one_that_says_not_there(newer: str) -> None:
    products = {"product_id": ["p1", "p1", "p2"], "name": ["Cream"] * 3, "stock": ["50", newer, "5"]}
    assert dict(clean(shop(products)).tables)["products"]["stock"].tolist() == [0, 5]


@pytest.mark.parametrize("older", ["many", "-3"])
def test_a_newer_stock_takes_the_place_of_one_that_cannot_be_read(older: str) -> None:
    products = {"product_id": ["p1", "p1", "p2"], "name": ["Cream"] * 3, "stock": [older, "50", "5"]}
    assert dict(clean(shop(products)).tables)["products"]["stock"].tolist() == [50, 5]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_of_two_labels_an_ingredient_of_either_counts(order: list[int]) -> None:
    labels = [["Aqua", "Linalool"], ["Aqua", "Glycerin"]]
    products = {"product_id": ["p1", "p1"], "name": ["Cream"] * 2, "ingredients": [labels[at] for at in order]}
    assert set(only_row(clean(shop(products)), "products")["ingredients"]) == {"Aqua", "Linalool", "Glycerin"}


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_label_that_cannot_be_read_makes_the_whole_one_unread(order: list[int]) -> None:
    labels = [["Aqua"], ["Aqua Linalool " * 20]]
    products = {"product_id": ["p1", "p1"], "name": ["Cream"] * 2, "ingredients": [labels[at] for at in order]}
    assert only_row(clean(shop(products)), "products")["ingredients"] is None


def test_an_account_is_dropped_for_a_value_only_where_no_row_has_it() -> None:
    customers = {
        "customer_id": ["a", "a", "b", "b"],
        "birth_year": [1990, None, None, None],
        "skin_type": [None, "dry", "dry", "oily"],
    }
    missing = {"customers": {"birth_year": "drop", "skin_type": "drop"}}
    prepared = clean(shop(customers=customers), cleaning={"missing": missing})
    assert only_row(prepared, "customers") == {"customer_id": "a", "birth_year": 1990, "skin_type": "dry"}
    assert prepared.counts["customers"] == {"read": 4, "kept": 1, "quarantined": 3, "repaired": 0}


WORDS = st.lists(st.sampled_from(["fragrance", "linalool", "nuts", "alcohol"]), max_size=3, unique=True)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["a", "b", "c", " a", None]),
            "avoided_ingredients": st.one_of(st.none(), WORDS),
            "concerns": st.one_of(st.none(), WORDS),
            "skin_type": st.sampled_from([None, "dry", "oily", "drry"]),
            "birth_year": st.sampled_from([None, "1990", "1980", "1700", "old"]),
            "signup_time": st.sampled_from([None, "2025-01-01", "2025-02-01", "soon"]),
        }
    ),
    min_size=1,
    max_size=8,
)
RIGHT = {"customer_id": "z", "skin_type": "dry", "birth_year": "1970", "signup_time": "2024-01-01", "concerns": None}


def as_shop(rows: list[dict[str, Any]]) -> RawTables:
    """A shop with these customers and a right one, so that no column is all wrong."""
    customers = pd.DataFrame([*rows, RIGHT | {"avoided_ingredients": ["soap"]}])
    return RawTables(
        "shop", {**shop(transactions={"customer_id": ["z"], "product_id": ["p1"]}).tables, "customers": customers}
    )


def expected(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By customer, the united cells: what the engines compute, in plain Python."""
    right = {"skin_type": ("dry", "oily"), "birth_year": ("1990", "1980"), "signup_time": ("2025-01-01", "2025-02-01")}
    found: dict[str, dict[str, Any]] = {}
    for customer in sorted({row["customer_id"].strip() for row in rows if row["customer_id"]}):
        theirs = [row for row in rows if (row["customer_id"] or "").strip() == customer]
        dated = [row["signup_time"] if row["signup_time"] in right["signup_time"] else "" for row in theirs]
        newest = sorted(range(len(theirs)), key=lambda at: (dated[at], at), reverse=True)
        cells = {name: next((theirs[at][name] for at in newest if theirs[at][name] in good), None)
                 for name, good in right.items()}  # fmt: skip
        for name in ("avoided_ingredients", "concerns"):
            lists = [row[name] for row in theirs if row[name] is not None]
            cells[name] = list(dict.fromkeys(word for words in lists for word in words)) if lists else None
        found[customer] = cells
    return found


def as_cells(customers: pd.DataFrame) -> dict[str, dict[str, Any]]:
    texts = customers.assign(
        birth_year=customers["birth_year"].astype("string"),
        signup_time=customers["signup_time"].dt.strftime("%Y-%m-%d"),
    ).set_index("customer_id")
    known = texts.astype(object).where(texts.notna(), None)
    return {str(name): row.to_dict() for name, row in known.drop(index="z").iterrows()}


@settings(max_examples=25, derandomize=True)
@given(rows=ROWS, data=st.data())
def test_whatever_the_order_of_the_rows_no_avoidance_is_lost(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    prepared = clean(as_shop(shuffled))
    assert prepared.tables.customers is not None
    found = as_cells(prepared.tables.customers)
    assert found == expected(shuffled)
    for row in rows:
        if row["customer_id"]:
            kept = found[row["customer_id"].strip()]["avoided_ingredients"] or []
            assert set(row["avoided_ingredients"] or []) <= set(kept)
    assert prepared.counts["customers"]["read"] == len(rows) + 1


@pytest.mark.slow
@pytest.mark.usefixtures("spark")
def test_spark_unites_as_duckdb_does() -> None:
    words = [["nuts"], ["fragrance", "nuts"], None, [], ["alcohol"], ["linalool", "alcohol"]]
    rows = [
        {
            "customer_id": "aabbca"[at % 6], "avoided_ingredients": words[at % 5], "concerns": words[at % 4],
            "skin_type": ("dry", None, "drry")[at % 3], "birth_year": ("1990", "old", None, "1980")[at % 4],
            "signup_time": ("2025-02-01", None, "2025-01-01")[at % 3],
        }
        for at in range(24)
    ]  # fmt: skip
    found = {engine: clean(as_shop(rows), compute={"engine": engine}) for engine in ("duckdb", "spark")}
    assert as_cells(dict(found["duckdb"].tables)["customers"]) == expected(rows)
    pd.testing.assert_frame_equal(dict(found["spark"].tables)["customers"], dict(found["duckdb"].tables)["customers"])
    pd.testing.assert_frame_equal(found["spark"].quarantine, found["duckdb"].quarantine)
    pd.testing.assert_frame_equal(found["spark"].repairs, found["duckdb"].repairs)
