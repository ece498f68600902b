"""Cleaning: each rule finds what it should, the rest is kept, and nothing is lost silently."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.errors import DataError
from recommender.config.preparation import CleaningSettings
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.cleaning.returns.rules import RETURN_RULES
from recommender.data.cleaning.rules import CELL_RULES, ROW_RULES
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest
from recommender.models.products.catalogue_building import build_catalogue
from recommender.synthetic.settings import SyntheticSettings
from recommender.synthetic.shop import generate, planted_defects
from settings.config import Config

NOW = datetime(2025, 7, 1, tzinfo=UTC)

Build = Callable[..., RawTables]


def clean(raw: RawTables, **bounds: Any) -> Prepared:
    return prepare(raw, Config(cleaning=CleaningSettings(**bounds)), NOW)


def behaviour(**columns: list[Any]) -> dict[str, list[Any]]:
    """Two rows, the first right; what is not given is right in both."""
    right = {"customer_id": ["c1", "c2"], "product_id": ["p1", "p2"], "time": ["2025-01-01", "2025-01-02"]}
    return right | columns


TRANSACTION = {"unit_price": [10, 10], "quantity": [1, 1]}
RATING = {"rating": [5, 4]}
EVENT = {"type": ["view", "view"], "event_id": ["e1", "e2"]}
PURCHASE = {"type": ["purchase", "purchase"], "event_id": ["e1", "e2"]}
REJECTED = [
    ("transactions", TRANSACTION | {"customer_id": ["c1", None]}, "missing_customer", "customer id is missing"),
    ("transactions", {"transaction_id": ["t1", "t1"], "customer_id": ["c1", None]}, "customer_elsewhere", "fill_down"),
    ("transactions", TRANSACTION | {"customer_id": ["c1", "c" * 257]}, "unreadable_id", "customer_id should have 1"),
    ("transactions", TRANSACTION | {"customer_id": ["c1", " \ufeff"]}, "missing_customer", "customer id is missing"),
    ("transactions", TRANSACTION | {"product_id": ["p1", "p\x002"]}, "unreadable_id", "product_id should have"),
    ("transactions", TRANSACTION | {"transaction_id": ["t1", "t" * 257]}, "unreadable_id", "transaction_id should"),
    ("events", EVENT | {"event_id": ["e1", "e" * 257]}, "unreadable_id", "event_id should"),
    ("events", EVENT | {"product_id": ["p1", "p" * 257]}, "unreadable_id", "product_id should"),
    ("transactions", TRANSACTION | {"product_id": ["p1", ""]}, "missing_product", "product id is missing"),
    ("transactions", TRANSACTION | {"time": ["2025-01-01", "31/02/2025"]}, "unreadable_time", "'31/02/2025'"),
    ("transactions", TRANSACTION | {"time": ["2025-01-01", "yesterday"]}, "unreadable_time", "'yesterday'"),
    ("transactions", TRANSACTION | {"time": ["2025-01-01", "2025-02-30"]}, "unreadable_time", "'2025-02-30'"),
    ("transactions", TRANSACTION | {"time": ["2025-01-01", None]}, "missing_time", "time is missing"),
    ("transactions", TRANSACTION | {"time": ["2025-01-01", "2031-01-01"]}, "future_time", "2031-01-01"),
    ("transactions", TRANSACTION | {"time": ["2025-01-01", "1970-01-01"]}, "early_time", "before 1995"),
    ("transactions", TRANSACTION | {"quantity": [1, 0]}, "impossible_quantity", "quantity of 0"),
    ("transactions", TRANSACTION | {"quantity": [1, -3]}, "refund", "quantity of -3"),
    ("transactions", TRANSACTION | {"quantity": ["1", "(2)"]}, "refund", "quantity of (2)"),
    ("transactions", TRANSACTION | {"quantity": ["1", "\u22121"]}, "refund", "quantity of \u22121"),
    ("transactions", TRANSACTION | {"quantity": [1, 0.5]}, "impossible_quantity", "quantity of 0.5"),
    ("transactions", TRANSACTION | {"quantity": [1, "some"]}, "impossible_quantity", "quantity of some"),
    ("transactions", TRANSACTION | {"quantity": [1, 5000]}, "impossible_quantity", "outside 1 to 1000"),
    ("transactions", TRANSACTION | {"unit_price": [10, -4.5]}, "refund", "-4.5"),
    ("transactions", TRANSACTION | {"unit_price": ["10", "(12.00)"]}, "refund", "(12.00)"),
    ("transactions", TRANSACTION | {"unit_price": ["10", "\u221212.00"]}, "refund", "\u221212.00"),
    ("transactions", TRANSACTION | {"unit_price": ["10", "12.00-"]}, "refund", "12.00-"),
    ("transactions", TRANSACTION | {"unit_price": ["10", "-$12.00"]}, "refund", "-$12.00"),
    ("transactions", TRANSACTION | {"unit_price": [10, 0]}, "impossible_price", "0"),
    ("transactions", TRANSACTION | {"product_id": ["p1", "p-gone"]}, "unknown_product", "'p-gone'"),
    ("transactions", TRANSACTION | behaviour(customer_id=["c1"] * 2, product_id=["p1"] * 2, time=["2025-01-01"] * 2),
     "duplicate", "earlier row"),
    ("transactions", {"transaction_id": ["t1"] * 2, "customer_id": ["c1"] * 2, "product_id": ["p1"] * 2},
     "duplicate", "earlier row"),
    ("ratings", {"rating": [5, 0]}, "impossible_rating", "0 is outside 1 to 5"),
    ("ratings", {"rating": [5, 6]}, "impossible_rating", "6 is outside 1 to 5"),
    ("ratings", {"rating": ["5", "good"]}, "missing_rating", "'good'"),
    ("ratings", RATING | {"time": ["2025-01-01", "soon"]}, "unreadable_time", "'soon'"),
    ("events", EVENT | {"type": ["view", "hover"]}, "unknown_event", "'hover'"),
    ("events", EVENT | {"product_id": ["p1", None]}, "missing_product", "'view' needs a product"),
    ("events", PURCHASE | {"value": [1, -1]}, "refund", "quantity of -1"),
    ("events", PURCHASE | {"value": ["1", "(1)"]}, "refund", "quantity of (1)"),
    ("events", PURCHASE | {"value": [1, 0]}, "impossible_quantity", "purchase of 0"),
    ("events", PURCHASE | {"value": [1, 0.5]}, "impossible_quantity", "purchase of 0.5"),
    ("events", PURCHASE | {"value": [1, 12.99]}, "impossible_quantity", "purchase of 12.99"),
    ("events", PURCHASE | {"value": [1, float("inf")]}, "impossible_quantity", "purchase of inf"),
    ("events", PURCHASE | {"value": ["1", "two"]}, "impossible_quantity", "purchase of two"),
    ("events", PURCHASE | {"type": ["purchase", "refund"]}, "unknown_event", "'refund'"),
    ("events", EVENT | {"customer_id": ["c1", ["c2"]]}, "unreadable_id", '["c2"]'),
    ("transactions", {"product_id": ["p1", {"id": "p1"}]}, "unreadable_id", '{"id": "p1"}'),
    ("transactions", {"product_id": ["p1", b"\xff"]}, "unreadable_id", "xff"),
    ("events", EVENT | {"event_id": ["e1", "e1"]}, "duplicate", "earlier row"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "columns", "rule", "said"), REJECTED)
def test_a_wrong_row_goes_to_the_quarantine(
    raw: Build, table: str, columns: dict[str, list[Any]], rule: str, said: str
) -> None:
    prepared = clean(raw(**{table: behaviour(**columns)}))
    assert len(dict(prepared.tables)[table]) == 1
    (record,) = prepared.quarantine.to_dict("records")
    assert (record[c.SOURCE], record[c.TABLE], record[c.ROW], record[c.RULE]) == ("shop", table, 1, rule)
    assert said in record[c.REASON]
    assert set(json.loads(record[c.CONTENT])) == set(behaviour(**columns))


EMPTIED = [
    ("products", "price", [10, -1], "impossible_price", "-1"),
    ("products", "price", [10, "free"], "unreadable_cell", "'free'"),
    ("products", "brand", ["Lumi", []], "unreadable_cell", "'[]'"),
    ("products", "category", ["Skin", ["Skin", "Serum"]], "unreadable_cell", '["Skin", "Serum"]'),
    ("products", "ingredients", [["Aqua"], [{"name": "Aqua"}]], "unread_label", '{"name": "Aqua"}'),
    ("products", "ingredients", [["Aqua"], {"Aqua": 1}], "unread_label", '{"Aqua": 1}'),
    ("products", "price", ["10", "1.299,00"], "unreadable_cell", "1.299,00"),
    ("products", "price", ["10", "12,00"], "unreadable_cell", "12,00"),
    ("products", "price", ["10", "(12.00)"], "impossible_price", "(12.00)"),
    ("products", "price", ["10", "NA"], "unreadable_cell", "'NA'"),
    ("products", "rating_mean", [4.5, 0], "impossible_rating", "0 is outside"),
    ("products", "rating_count", [4, -4], "impossible_count", "-4"),
    ("products", "loves", [4, -4], "impossible_count", "-4"),
    ("products", "launched", ["2024-01-01", "soon"], "unreadable_cell", "'soon'"),
    ("products", "ingredients", [["Aqua"], ["See packaging"]], "unread_label", "See packaging"),
    ("products", "ingredients", [["Aqua"], ["Aqua Glycerin " * 20]], "undivided_label", "cannot be told apart"),
    ("customers", "skin_type", ["dry", "drry"], "unknown_skin_type", "'drry'"),
    ("customers", "birth_year", [1990, 2090], "impossible_birth_year", "2090"),
    ("customers", "birth_year", [1990, "old"], "unreadable_cell", "'old'"),
    ("transactions", "unit_price", [10, "ten"], "unreadable_cell", "'ten'"),
    ("events", "session_id", ["s1", "s" * 257], "unreadable_cell", "session_id holds 'sss"),
    ("events", "request_id", ["r1", "r\n2"], "unreadable_cell", "request_id holds 'r\n2'"),
]


@pytest.mark.parametrize(("table", "column", "cells", "rule", "said"), EMPTIED)
def test_a_wrong_optional_cell_is_emptied_and_its_row_kept(
    raw: Build, table: str, column: str, cells: list[Any], rule: str, said: str
) -> None:
    ids = {
        "products": {"product_id": ["p1", "p2"], "name": ["Cream", "Gel"]},
        "customers": {"customer_id": ["c1", "c2"]},
        "transactions": behaviour(),
        "events": behaviour(**EVENT),
    }
    prepared = clean(raw(**{"transactions": behaviour(), table: ids[table] | {column: cells}}))
    assert prepared.counts[table] == {"read": 2, "kept": 2, "quarantined": 0, "repaired": 1}
    (record,) = prepared.repairs.to_dict("records")
    assert (record[c.TABLE], record[c.ROW], record[c.RULE]) == (table, 1, rule)
    assert said in record[c.REASON]
    kept = dict(prepared.tables)[table][column]
    assert kept.notna().tolist() == [True, False]


@pytest.mark.parametrize(("table", "column"), [("products", "product_id"), ("customers", "customer_id")])
def test_a_product_or_customer_whose_id_nobody_could_ask_for_goes_to_the_quarantine(
    raw: Build, table: str, column: str
) -> None:
    longest = "7" * 256
    tables = {
        "products": {"product_id": ["p1", "p2", "p3"], "name": ["Cream", "Gel", "Balm"]},
        "customers": {"customer_id": ["c1", "c2", "c3"]},
    }
    tables[table][column] = [longest, f"{longest}7", "a\nb"]
    prepared = clean(raw(**tables, transactions=behaviour(**{column: [longest, longest]})))
    assert dict(prepared.tables)[table][column].tolist() == [longest]
    theirs = prepared.quarantine[prepared.quarantine[c.TABLE] == table]
    assert (theirs[c.ROW].tolist(), theirs[c.RULE].tolist()) == ([1, 2], ["unreadable_id"] * 2)


STOCKS = [
    (-3, "impossible_stock", "-3"),
    ("-3", "impossible_stock", "-3"),
    ("\u22123", "impossible_stock", "\u22123"),
    (1.5, "unreadable_stock", "'1.5'"),
    ("1,000", "unreadable_stock", "'1,000'"),
    ("ask us", "unreadable_stock", "'ask us'"),
    ("NA", "unreadable_stock", "'NA'"),
    (float("inf"), "unreadable_stock", "'inf'"),
    ([3], "unreadable_stock", "'[3]'"),
]


@pytest.mark.parametrize(("stock", "rule", "said"), STOCKS)
def test_a_stock_below_nothing_or_that_nobody_can_read_is_none_and_counted(
    raw: Build, stock: Any, rule: str, said: str
) -> None:
    products = {"product_id": ["p1", "p2"], "name": ["Cream", "Gel"], "stock": [3, stock]}
    prepared = clean(raw(products=products, transactions=behaviour()))
    assert prepared.tables.products[c.STOCK].tolist() == [3, 0]
    assert build_catalogue(prepared.tables).in_stock.tolist() == [True, False]
    (record,) = prepared.repairs.to_dict("records")
    assert record[c.RULE] == rule
    assert said in record[c.REASON]
    assert prepared.counts["products"]["repaired"] == 1


def test_stock_in_words_and_stock_that_is_missing(raw: Build) -> None:
    words = ["in stock", "out of stock", "https://schema.org/InStock", "preorder", "10+", True, None]
    ids = [f"p{n}" for n in range(1, 8)]
    prepared = clean(raw(products={"product_id": ids, "name": ids, "stock": words}, transactions=behaviour()))
    assert build_catalogue(prepared.tables).in_stock.tolist() == [True, False, True, False, True, True, True]
    assert prepared.repairs.empty


def test_names_that_mean_nothing_elsewhere_are_names(raw: Build) -> None:
    words = ["NA", "None", "null", "NaN"]
    products = {"product_id": words, "name": words, "brand": words}
    table = behaviour(customer_id=words, product_id=words, time=["2025-01-01"] * 4)
    prepared = clean(raw(products=products, transactions=table))
    assert prepared.quarantine.empty
    assert prepared.repairs.empty
    assert prepared.tables.transactions is not None
    assert prepared.tables.transactions[c.CUSTOMER_ID].tolist() == words
    assert prepared.tables.products[c.BRAND].tolist() == words


def test_money_is_read_where_it_can_only_mean_one_thing(raw: Build) -> None:
    prices = ["$12.00", "12.00 EUR", "USD 12", "1 299.50", "1'299.50"]
    ids = [f"p{n}" for n in range(1, 6)]
    products = {"product_id": ids, "name": ids, "price": prices}
    prepared = clean(raw(products=products, transactions=behaviour()), price_deviations=1e6)
    assert prepared.tables.products[c.PRICE].tolist() == [12, 12, 12, 1299.5, 1299.5]


def test_ids_of_every_type_are_texts_that_people_would_write(raw: Build) -> None:
    odd = [b"p1", Decimal("7.00"), UUID(int=1), date(2025, 3, 5), 2**60 + 1, True, "007", "1e5"]
    ids = ["p1", "7", "00000000-0000-0000-0000-000000000001", "2025-03-05", str(2**60 + 1), "true", "007", "1e5"]
    prepared = clean(
        raw(
            products={"product_id": odd, "name": ids},
            ratings={"customer_id": ["c"] * 8, "product_id": odd, "rating": [5] * 8},
        )
    )
    assert prepared.tables.products[c.PRODUCT_ID].tolist() == ids
    assert prepared.quarantine.empty


@pytest.mark.parametrize("ids", [[1.0, 2.0**60], [1.0, float("inf")], pd.Series([1, 2.0**60], dtype=object)])
def test_a_float_that_may_be_two_ids_is_none(raw: Build, ids: Any) -> None:
    products = {"product_id": ids, "name": ["Cream", "Gel"]}
    prepared = clean(raw(products=products, ratings={"customer_id": ["c"], "product_id": ["1"], "rating": [5]}))
    assert prepared.quarantine[[c.ROW, c.RULE]].to_numpy().tolist() == [[1, "unreadable_id"]]


def test_the_quarantine_shows_what_stood_in_the_cell(raw: Build) -> None:
    prepared = clean(raw(transactions=behaviour(customer_id=["c1", ["c2"]])))
    assert json.loads(prepared.quarantine[c.CONTENT].iloc[0])["customer_id"] == '["c2"]'
    assert UNREADABLE not in prepared.quarantine[c.REASON].iloc[0]


def test_every_rule_has_a_test() -> None:
    tested = {rule for _, _, rule, _ in REJECTED} | {rule for _, _, _, rule, _ in EMPTIED}
    tested |= {rule for _, rule, _ in STOCKS}
    others = {"unknown_customer", "bot", "extreme_price", "missing_name", "returned"}
    assert {rule.name for rule in (*ROW_RULES, *RETURN_RULES.values(), *CELL_RULES)} == tested | others


def test_a_price_in_another_unit_is_emptied(raw: Build) -> None:
    prices = [10.0, 11.0, 9.5, 1000.0, 10.5, 0.1]
    days = [f"2025-01-0{day}" for day in range(1, 7)]
    table = behaviour(customer_id=["c1"] * 6, product_id=["p1"] * 6, time=days, unit_price=prices)
    prepared = clean(raw(transactions=table))
    assert prepared.repairs[c.ROW].tolist() == [3, 5]
    assert prepared.tables.transactions is not None
    assert prepared.tables.transactions[c.UNIT_PRICE].isna().sum() == 2


def test_lists_that_are_all_empty_are_lists(raw: Build) -> None:
    customers = {"customer_id": ["c1", "c2"], "concerns": [[], []], "avoided_ingredients": [None, []]}
    prepared = clean(raw(customers=customers, transactions=behaviour()))
    assert prepared.tables.customers is not None
    assert prepared.tables.customers[c.CONCERNS].tolist() == [[], []]
    assert prepared.tables.customers[c.AVOIDED_INGREDIENTS].tolist() == [None, []]


def test_of_a_repeated_product_the_newest_price_is_the_usual_one(raw: Build) -> None:
    products = {"product_id": ["p1", "p1"], "name": ["Cream", "Cream"], "price": [10.0, 500.0]}
    prepared = clean(raw(products=products, transactions=behaviour(product_id=["p1"] * 2, unit_price=[11.0, 600.0])))
    assert prepared.counts["transactions"] == {"read": 2, "kept": 2, "quarantined": 0, "repaired": 1}
    assert prepared.repairs[[c.ROW, c.RULE]].to_numpy().tolist() == [[0, "extreme_price"]]


def test_a_dear_catalogue_price_is_kept_and_an_unbelievable_one_emptied(raw: Build) -> None:
    prices = [8, 9, 10, 11, 12, 14, 18, 60, 1_000_000]
    products = {"product_id": list("abcdefghi"), "name": list("abcdefghi"), "price": prices}
    prepared = clean(raw(products=products, ratings={"customer_id": ["c"], "product_id": ["a"], "rating": [5]}))
    assert prepared.repairs[[c.ROW, c.RULE]].to_numpy().tolist() == [[8, "extreme_price"]]


def test_a_product_without_a_name_bears_its_id(raw: Build) -> None:
    products = {"product_id": ["p1", "p2"], "name": ["Cream", None]}
    prepared = clean(raw(products=products, transactions=behaviour()))
    assert prepared.tables.products[c.NAME].tolist() == ["Cream", "p2"]
    assert prepared.repairs[c.RULE].tolist() == ["missing_name"]


def test_unknown_customers_are_rejected_or_kept_as_told(raw: Build) -> None:
    tables = raw(customers={"customer_id": ["c1"]}, transactions=behaviour())
    assert clean(tables).quarantine[c.RULE].tolist() == ["unknown_customer"]
    assert clean(tables, unknown_customers="keep").quarantine.empty
    assert clean(raw(transactions=behaviour())).quarantine.empty


def test_a_bot_is_a_customer_with_too_many_rows_on_one_day(raw: Build) -> None:
    def views(customer: str, count: int, days: int) -> list[tuple[str, str]]:
        return [(customer, f"2025-01-{1 + n % days:02d}T10:{n % 60:02d}:00Z") for n in range(count)]

    rows = [*views("bot", 30, 1), *views("fan", 30, 20)]
    events = {
        "customer_id": [customer for customer, _ in rows],
        "time": [time for _, time in rows],
        "type": ["view"] * len(rows),
        "product_id": ["p1"] * len(rows),
        "event_id": [f"e{n}" for n in range(len(rows))],
    }
    prepared = clean(raw(events=events), bot_rows_per_day=20)
    assert prepared.quarantine[c.RULE].tolist() == ["bot"] * 30
    assert prepared.tables.events is not None
    assert set(prepared.tables.events[c.CUSTOMER_ID]) == {"fan"}


def test_a_row_that_was_rejected_takes_no_other_with_it(raw: Build) -> None:
    table = behaviour(
        transaction_id=["t1", "t1"], customer_id=["c1"] * 2, product_id=["p1"] * 2, time=["never", "2025-01-02"]
    )
    prepared = clean(raw(transactions=table))
    assert prepared.quarantine[[c.ROW, c.RULE]].to_numpy().tolist() == [[0, "unreadable_time"]]


def test_one_transaction_may_have_several_products(raw: Build) -> None:
    assert clean(raw(transactions=behaviour(transaction_id=["t1", "t1"], customer_id=["c1"] * 2))).quarantine.empty


def test_repeated_ratings_without_times_are_kept(raw: Build) -> None:
    ratings = {"customer_id": ["c1"] * 2, "product_id": ["p1"] * 2, "rating": [5, 5]}
    assert clean(raw(ratings=ratings)).quarantine.empty


def test_times_with_and_without_an_offset_are_each_read_right(raw: Build) -> None:
    table = behaviour(time=["2025-01-01T10:00:00+02:00", "2025-01-02 10:00"])
    prepared = clean(raw(transactions=table))
    assert prepared.tables.transactions is not None
    times = prepared.tables.transactions[c.TIME].tolist()
    assert times == [pd.Timestamp("2025-01-01T08:00Z"), pd.Timestamp("2025-01-02T10:00Z")]


@pytest.mark.parametrize(
    "ids", [[7, 8], [7.0, 8.0], ["7", " 8 "], ["7.0", "8"], ["\ufeff7.0", "8\u200b"], pd.array([7, 8], "Int64")]
)
def test_ids_are_the_same_texts_whatever_type_they_had(raw: Build, ids: list[Any]) -> None:
    table = behaviour(product_id=ids)
    prepared = clean(raw(products={"product_id": ["7", "8"], "name": ["Cream", "Gel"]}, transactions=table))
    assert prepared.tables.transactions is not None
    assert prepared.tables.transactions[c.PRODUCT_ID].tolist() == ["7", "8"]


def test_what_is_derived_is_always_there(raw: Build) -> None:
    same = behaviour(customer_id=["c1", "c1"], time=["2025-01-01"] * 2)
    prepared = clean(raw(transactions=same))
    assert prepared.tables.transactions is not None
    rows = prepared.tables.transactions[[c.TRANSACTION_ID, c.QUANTITY, c.POSITION]].to_numpy().tolist()
    assert rows == [["row-0", 1, 0], ["row-1", 1, 1]]


def test_texts_are_tidied(raw: Build) -> None:
    products = {"product_id": ["p1", "p2"], "name": ["  Hot &amp; Cold ", "Gel"], "brand": ["", "Lumi"]}
    prepared = clean(raw(products=products, transactions=behaviour()))
    assert prepared.tables.products[c.NAME].tolist() == ["Hot & Cold", "Gel"]
    assert prepared.tables.products[c.BRAND].tolist() == [None, "Lumi"]


def test_when_no_row_is_left_the_commonest_reason_is_told(raw: Build) -> None:
    with pytest.raises(DataError, match=r"No row of transactions.*unknown_product"):
        clean(raw(transactions=behaviour(product_id=["x", "y"])))


CELL = st.one_of(
    st.none(), st.text(max_size=3), st.integers(-5, 3000), st.floats(), st.sampled_from(["p1", "p2", "c1"])
)
TIME = st.sampled_from(["2025-01-01", "2025-01-02T10:00:00Z", "31/02/2025", "2099-01-01", None, ""])


@st.composite
def dirty_shops(draw: st.DrawFn) -> RawTables:
    """A shop whose first row of each table is right and whose others are anything."""

    def table(rows: int, first: dict[str, Any], times: tuple[str, ...] = ()) -> pd.DataFrame:
        columns = {
            name: [right, *(draw(TIME if name in times else CELL) for _ in range(rows))]
            for name, right in first.items()
        }
        return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})

    rows = st.integers(0, 6)
    time = ("time",)
    pair = {"customer_id": "c1", "product_id": "p1", "time": "2025-01-01"}
    return RawTables(
        "dirty",
        {
            "customers": table(draw(rows), {"customer_id": "c1", "skin_type": "dry", "birth_year": 1990}),
            "products": table(draw(rows), {"product_id": "p1", "name": "Cream", "price": 10, "stock": 1}),
            "transactions": table(draw(rows), pair | {"transaction_id": "t1", "quantity": 1, "unit_price": 10}, time),
            "ratings": table(draw(rows), pair | {"rating": 5}, time),
            "events": table(draw(rows), pair | {"event_id": "e1", "type": "view", "value": 1}, time),
        },
    )


@settings(max_examples=20, derandomize=True)
@given(dirty_shops())
def test_rows_read_are_rows_kept_plus_rows_in_quarantine(raw: RawTables) -> None:
    prepared = clean(raw)
    for name, counts in prepared.counts.items():
        assert counts["read"] == counts["kept"] + counts["quarantined"] == len(raw.tables[name])
    assert not prepared.quarantine.duplicated([c.TABLE, c.ROW]).any()
    assert (prepared.quarantine[c.REASON].str.len() > 0).all()


@settings(max_examples=10, derandomize=True)
@given(dirty_shops())
def test_what_was_cleaned_is_clean(raw: RawTables) -> None:
    # Without the bounds that are taken from the prices themselves, which are others once extremes are gone.
    wide = {"price_deviations": 1e6, "price_ratio": 1e300}
    prepared = clean(raw, **wide)
    again = clean(RawTables("again", with_guests(dict(prepared.tables))), **wide)
    assert again.quarantine.empty
    for name, table in prepared.tables:
        pd.testing.assert_frame_equal(table, dict(again.tables)[name])


def with_guests(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Clean tables as a source has them: guests' rows among the transactions."""
    guests = tables.pop("guest_baskets", None)
    if guests is None:
        return tables
    return tables | {"transactions": pd.concat([tables["transactions"], guests], ignore_index=True)}


@pytest.fixture(scope="module")
def small_shop() -> tuple[SyntheticSettings, Prepared]:
    shop = SyntheticSettings(customers=300, products=120, days=200)
    return shop, clean(RawTables("synthetic", generate(shop)))


def test_the_synthetic_shops_dirt_is_found_and_nothing_else(small_shop: tuple[SyntheticSettings, Prepared]) -> None:
    shop, prepared = small_shop
    ledger = planted_defects(shop)
    found = {
        "reject": set(map(tuple, prepared.quarantine[[c.TABLE, c.ROW]].to_numpy())),
        "mend": set(map(tuple, prepared.repairs[[c.TABLE, c.ROW]].to_numpy())),
    }
    for outcome, rows in found.items():
        wanted = set(map(tuple, ledger.loc[ledger["outcome"] == outcome, ["table", "row"]].to_numpy()))
        assert len(wanted & rows) >= 0.99 * len(wanted) > 0
        assert len(rows - wanted) <= 0.001 * sum(prepared.read.values())


def test_tables_come_back_from_their_folder_as_they_went_in(
    small_shop: tuple[SyntheticSettings, Prepared], tmp_path: Path
) -> None:
    _, prepared = small_shop
    prepared.tables.write(tmp_path / "tables")
    for name, table in Tables.read(tmp_path / "tables"):
        pd.testing.assert_frame_equal(table, dict(prepared.tables)[name])


def test_raw_tables_give_the_same_after_their_folder(data_set: Any, tmp_path: Path) -> None:
    raw = ingest(data_set.source)
    raw.write(tmp_path / "raw")
    back = RawTables.read(tmp_path / "raw")
    assert (back.name, back.origins) == (raw.name, raw.origins)
    pd.testing.assert_frame_equal(clean(back).tables.products, clean(raw).tables.products)


def test_an_avoidance_that_cannot_be_read_takes_no_other_away(raw: Build) -> None:
    customers = {"customer_id": ["c1", "c2"], "avoided_ingredients": [["linalool", {"name": "nuts"}], ["soap"]]}
    prepared = clean(raw(transactions=behaviour(), customers=customers))
    assert prepared.tables.customers is not None
    assert prepared.tables.customers[c.AVOIDED_INGREDIENTS].tolist() == [["linalool"], ["soap"]]
    (record,) = prepared.repairs.to_dict("records")
    assert (record[c.RULE], record[c.ROW]) == ("unreadable_cell", 0)
    assert '{"name": "nuts"}' in record[c.REASON]


def test_how_many_cells_could_not_be_used_is_told_by_rule(raw: Build, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "infrastructure.progress")
    stock = ["5", "-3", "many", "2.5"]
    products = {"product_id": ["p1", "p2", "p3", "p4"], "name": ["Cream"] * 4, "stock": stock}
    clean(raw(transactions=behaviour(), products=products))
    told = {record.getMessage(): vars(record)["figures"] for record in caplog.records}
    assert told["products: unusable cells, unreadable_stock"] == {"cells": 2}
    assert told["products: unusable cells, impossible_stock"] == {"cells": 1}
