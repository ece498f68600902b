"""What counts as history."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.data.interactions import COLUMNS, interactions

PRODUCTS = pd.DataFrame({c.PRODUCT_ID: ["p1", "p2", "p3"], c.NAME: ["Cream", "Gel", "Mask"]})


def times(texts: list[str | None]) -> "pd.Series[Any]":
    return pd.to_datetime(pd.Series(texts, dtype=object), utc=True).astype("datetime64[us, UTC]")


def purchases(*rows: tuple[str, str, str | None, int]) -> pd.DataFrame:
    """Rows of customer, product, time, position."""
    customer, product, time, position = (list(cells) for cells in zip(*rows, strict=True))
    return pd.DataFrame(
        {
            c.TRANSACTION_ID: [f"t{n}" for n in range(len(rows))],
            c.CUSTOMER_ID: customer,
            c.PRODUCT_ID: product,
            c.QUANTITY: pd.array([1] * len(rows), "Int64"),
            c.TIME: times(time),
            c.POSITION: pd.array(position, "Int64"),
        }
    )


def ratings(*rows: tuple[str, str, float, str | None]) -> pd.DataFrame:
    """Rows of customer, product, rating, time."""
    customer, product, rating, time = (list(cells) for cells in zip(*rows, strict=True))
    return pd.DataFrame({c.CUSTOMER_ID: customer, c.PRODUCT_ID: product, c.RATING: rating, c.TIME: times(time)})


def events(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Rows of customer, product, type, time."""
    customer, product, kind, time = (list(cells) for cells in zip(*rows, strict=True))
    return pd.DataFrame({c.CUSTOMER_ID: customer, c.PRODUCT_ID: product, c.TYPE: kind, c.TIME: times(time)})


def uses(tables: Tables, *columns: str) -> list[list[Any]]:
    return interactions(tables)[[*columns]].to_numpy().tolist()


def test_in_order_of_customer_time_and_position() -> None:
    bought = purchases(
        ("c2", "p1", "2025-01-01", 0),
        ("c1", "p3", "2025-02-01", 0),
        ("c1", "p1", "2025-01-01", 1),
        ("c1", "p2", "2025-01-01", 0),
    )
    found = uses(Tables(PRODUCTS, transactions=bought), c.CUSTOMER_ID, c.PRODUCT_ID, c.POSITION)
    assert found == [["c1", "p2", 0], ["c1", "p1", 1], ["c1", "p3", 0], ["c2", "p1", 0]]


def test_the_same_product_at_the_same_time_is_one_use_with_all_its_pieces() -> None:
    bought = purchases(("c1", "p1", "2025-01-01", 0), ("c1", "p1", "2025-01-01", 1), ("c1", "p1", "2025-03-01", 0))
    assert uses(Tables(PRODUCTS, transactions=bought), c.PRODUCT_ID, c.QUANTITY) == [["p1", 2], ["p1", 1]]


def test_a_rating_of_a_bought_product_stands_at_its_purchases() -> None:
    bought = purchases(("c1", "p1", "2025-01-01", 0), ("c1", "p2", "2025-01-02", 0))
    rated = ratings(("c1", "p1", 2, "2025-01-09"), ("c1", "p3", 1, "2025-01-10"))
    found = interactions(Tables(PRODUCTS, transactions=bought, ratings=rated))
    assert found[c.PRODUCT_ID].tolist() == ["p1", "p2", "p3"]
    assert found[c.RATING].fillna(0).tolist() == [2, 0, 1]


def test_of_several_ratings_the_last_counts() -> None:
    dated = ratings(("c1", "p1", 5, "2025-02-01"), ("c1", "p1", 1, "2025-01-01"))
    undated = ratings(("c1", "p1", 1, None), ("c1", "p1", 5, None))
    for rated in (dated, undated, undated.drop(columns=c.TIME)):
        assert uses(Tables(PRODUCTS, ratings=rated), c.PRODUCT_ID, c.RATING) == [["p1", 5.0]]


def test_a_purchase_event_counts_unless_a_transaction_tells_of_it() -> None:
    bought = purchases(("c1", "p1", "2025-01-01T23:59:00", 0))
    seen = events(
        ("c1", "p1", "purchase", "2025-01-02T00:01:00"),
        ("c1", "p1", "purchase", "2025-03-01T00:00:00"),
        ("c1", "p2", "purchase", "2025-01-01T12:00:00"),
        ("c1", "p3", "view", "2025-01-01T12:00:00"),
    )
    found = uses(Tables(PRODUCTS, transactions=bought, events=seen), c.PRODUCT_ID)
    assert found == [["p2"], ["p1"], ["p1"]]
    assert uses(Tables(PRODUCTS, events=seen), c.PRODUCT_ID) == [["p2"], ["p1"], ["p1"]]


def test_without_any_behaviour_that_counts_there_is_no_use() -> None:
    found = interactions(Tables(PRODUCTS, events=events(("c1", "p3", "view", "2025-01-01"))))
    assert found.empty
    assert list(found) == list(COLUMNS)


ROW = st.tuples(st.sampled_from(["c1", "c2"]), st.sampled_from(["p1", "p2", "p3"]))
DAY = st.sampled_from(["2025-01-01", "2025-01-02", "2025-02-01"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(ROW, DAY), min_size=1, max_size=8),
    st.lists(st.tuples(ROW, st.integers(1, 5), st.one_of(st.none(), DAY)), min_size=1, max_size=8),
    st.lists(st.tuples(ROW, DAY), min_size=1, max_size=8),
)
def test_every_product_that_was_used_is_there_and_nothing_twice(
    bought: list[Any], rated: list[Any], clicked: list[Any]
) -> None:
    tables = Tables(
        PRODUCTS,
        transactions=purchases(*((*pair, day, 0) for pair, day in bought)),
        ratings=ratings(*((*pair, value, day) for pair, value, day in rated)),
        events=events(*((*pair, "purchase", day) for pair, day in clicked)),
    )
    found = interactions(tables)
    wanted = {pair for pair, *_ in (*bought, *rated, *clicked)}
    assert set(map(tuple, found[[c.CUSTOMER_ID, c.PRODUCT_ID]].to_numpy())) == wanted
    assert not found.duplicated([c.CUSTOMER_ID, c.PRODUCT_ID, c.TIME]).any()
    ordered = found.sort_values([c.CUSTOMER_ID, c.TIME, c.POSITION], kind="stable", na_position="first")
    pd.testing.assert_frame_equal(found, ordered)


def test_of_the_same_tables_they_are_computed_once_and_are_the_callers_own(tables_of, monkeypatch):
    bought = {"customer_id": ["u"], "product_id": ["a"], "time": ["2025-01-01"]}
    tables = tables_of(products={"product_id": ["a"], "name": ["A"]}, transactions=bought)
    first = interactions(tables)
    first["product_id"] = "spoilt"
    monkeypatch.setattr("recommender.data.interactions.open_backend", lambda: pytest.fail("worked out again"))
    assert interactions(tables)["product_id"].tolist() == ["a"]
