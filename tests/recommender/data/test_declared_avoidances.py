"""No avoidance is lost, whether an event or the customers table has it, and however the two write the customer's id."""

import pandas as pd
import pytest

from recommender.data.cleaning.prepare import prepare
from recommender.data.declared_avoidances import with_declared_avoidances
from recommender.data.raw_tables import RawTables
from recommender.models.model_data import avoidances
from settings.config import Config

SALES = pd.DataFrame({"customer_id": ["7", "8"], "product_id": "p1", "time": "2025-01-01"})
PRODUCTS = pd.DataFrame({"product_id": ["p1"], "name": ["Cream"]})
EVENTS = {"event_id": ["e1", "e2"], "time": "2025-01-02", "query": ["nuts", "soap"], "type": ["avoid", " Avoid "]}


def avoided(customer, ids, customers=None):
    """What a model knows that a customer avoids, when events of ``ids`` say "nuts" and "soap"."""
    events = pd.DataFrame(EVENTS | {"customer_id": ids})
    there = {} if customers is None else {"customers": pd.DataFrame(customers)}
    raw = RawTables("shop", {"products": PRODUCTS, "transactions": SALES, "events": events, **there})
    prepared = prepare(with_declared_avoidances(raw), Config())
    assert prepared.counts["transactions"]["kept"] == (2 if customers is None else 1)
    return avoidances(prepared.tables).avoided_by(customer)


@pytest.mark.parametrize("ids", [["7", "7"], ["7.0", " 7"], [7.0, 7.0]])
def test_an_event_of_the_source_counts_beside_the_table_of_customers(ids):
    customers = {"customer_id": [7], "avoided_ingredients": [["linalool"]]}
    assert avoided("7", ids, customers) == ("linalool", "nuts", "soap")


@pytest.mark.parametrize("before", [["linalool"], "linalool", ["linalool", {"name": "talc"}]])
def test_what_is_declared_counts_beside_a_cell_of_any_kind(before):
    customers = {"customer_id": [7], "avoided_ingredients": [before]}
    assert avoided("7", ["7", "7"], customers) == ("linalool", "nuts", "soap")


def test_a_shop_without_a_table_of_customers_keeps_them_too():
    assert avoided("7", ["7", "9"]) == ("nuts",)
    assert avoided("9", ["7", "9"]) == ("soap",)
    assert avoided("8", ["7", "9"]) == ()


def test_who_is_not_in_the_table_of_customers_is_added():
    assert avoided("9", ["7", "9"], {"customer_id": ["7"]}) == ("soap",)


def test_without_declared_avoidances_nothing_changes():
    raw = RawTables("shop", {"products": PRODUCTS, "transactions": SALES})
    assert with_declared_avoidances(raw) is raw
    searched = raw.tables | {"events": pd.DataFrame(EVENTS | {"customer_id": "7", "type": "search"})}
    assert "customers" not in with_declared_avoidances(RawTables("shop", searched)).tables
