import pandas as pd

from recommender.engine.queries import queries_from_tables

PRODUCTS = {"product_id": ["a", "b", "c"], "name": ["Cream", "Gel", "Mask"]}
TRANSACTIONS = {
    "customer_id": ["x", "x", "y"],
    "product_id": ["b", "a", "c"],
    "time": ["2024-01-02T06:00", "2024-01-01", None],
}
EVENTS = {
    "customer_id": ["x", "x", "y"],
    "product_id": ["c", "b", "a"],
    "type": ["dismiss", "view", "dismiss"],
    "time": ["2024-01-03"] * 3,
}
CUSTOMERS = {"customer_id": ["x", "y", "w"], "skin_type": ["dry", None, "oily"]}


def test_a_query_tells_what_serving_would_know(tables_of):
    tables = tables_of(products=PRODUCTS, transactions=TRANSACTIONS, events=EVENTS, customers=CUSTOMERS)
    new, known = queries_from_tables(tables, ["w", "x"], seed=0, k=7)
    assert (known.customer_id, known.k) == ("x", 7)
    assert known.products == ("a", "b")
    times = [pd.Timestamp(text, tz="UTC").timestamp() for text in ("2024-01-01", "2024-01-02T06:00")]
    assert list(known.times) == times
    assert known.dismissed == ("c",)
    assert known.profile.skin_type == "dry"
    assert (new.products, new.profile.skin_type) == ((), "oily")


def test_uses_without_a_time_have_time_0(tables_of):
    rated = {"customer_id": ["y"], "product_id": ["c"], "rating": [5.0]}
    (query,) = queries_from_tables(tables_of(products=PRODUCTS, ratings=rated), ["y"], seed=0, k=3)
    assert query.products == ("c",)
    assert list(query.times) == [0]


def test_events_that_name_no_product_dismiss_none(tables_of):
    searches = {"customer_id": ["x"], "type": ["search"], "time": ["2024-01-02"]}
    tables = tables_of(products=PRODUCTS, transactions=TRANSACTIONS, events=searches)
    (query,) = queries_from_tables(tables, ["x"], seed=0, k=3)
    assert query.dismissed == ()
