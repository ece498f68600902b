"""What the tables say of customers and products, under the names that the log has for them."""

import pandas as pd

from feedback.customer_facts import CustomerFacts
from recommender.contract.query import customer_hash
from recommender.contract.tables import Tables

PRODUCTS = pd.DataFrame(
    {
        "product_id": ["balm", "gel", "oil"],
        "name": ["Balm", "Gel", "Oil"],
        "price": [10.0, None, 8.0],
        "ingredients": [["Parfum", "Glycerin"], ["Salicylic Acid"], None],
    }
)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["anna", "ben"],
        "skin_type": ["dry", None],
        "concerns": [["acne"], None],
        "avoided_ingredients": [None, ["fragrance"]],
    }
)
TRANSACTIONS = pd.DataFrame(
    {
        "transaction_id": ["t1", "t2"],
        "customer_id": ["anna", "anna"],
        "product_id": ["gel", "oil"],
        "quantity": 1,
        "position": 0,
        "time": pd.to_datetime(["2025-01-01", "2025-01-02"], utc=True).as_unit("us"),
    }
)
DECLARED = CustomerFacts.from_tables(Tables(PRODUCTS, customers=CUSTOMERS, transactions=TRANSACTIONS), "salt")
ANNA, BEN = (customer_hash(name, "salt") for name in ("anna", "ben"))


def test_a_need_is_met_by_a_product_that_serves_it():
    assert DECLARED.needs(ANNA, ["gel", "oil"]) == (1, 1)
    assert DECLARED.needs(ANNA, ["balm"]) == (0, 1)
    assert DECLARED.needs(BEN, ["gel"]) == (0, 0)


def test_a_trace_of_what_is_good_for_it_meets_no_need():
    fillers = [f"Filler {number}" for number in range(8)]
    labels = {"peel": ["Salicylic Acid", *fillers], "soap": [*fillers, "Salicylic Acid"], "water": fillers}
    rows = [{"product_id": name, "name": name, "ingredients": label} for name, label in labels.items()]
    claimed = {"product_id": "promise", "name": "Acne gel", "ingredients": fillers}
    tables = Tables(pd.DataFrame([*rows, claimed]), customers=CUSTOMERS, transactions=TRANSACTIONS)
    declared = CustomerFacts.from_tables(tables, "salt")
    met = {product for product in [*labels, "promise"] if declared.needs(ANNA, [product]) == (1, 1)}
    assert met == {"peel", "promise"}


def test_what_is_avoided_is_found_under_its_other_names():
    assert DECLARED.violates(BEN, ["gel", "balm"])
    assert not DECLARED.violates(BEN, ["gel", "oil"])
    assert not DECLARED.violates(ANNA, ["balm"])


def test_prices_histories_and_skin_types_are_known():
    assert DECLARED.prices == {"balm": 10.0, "oil": 8.0}
    assert DECLARED.purchases == {ANNA: 2}
    assert DECLARED.about.loc[ANNA, "skin_type"] == "dry"


def test_a_shop_without_customers_declares_nothing():
    bare = CustomerFacts.from_tables(Tables(PRODUCTS[["product_id", "name"]], transactions=TRANSACTIONS), "salt")
    assert bare.needs(ANNA, ["gel"]) == (0, 0)
    assert not bare.violates(BEN, ["balm"])
    assert bare.purchases == {ANNA: 2}
