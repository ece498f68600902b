"""From tables to sequences: what came first, what is known of whom."""

import pandas as pd
import pytest

from recommender.contract.query import Profile
from recommender.models.model_data import first_interactions, model_data

PRODUCTS = {"product_id": ["a", "b", "c", "d"], "name": ["Cream", "Gel", "Mask", "Oil"]}
DATED = {
    "customer_id": ["x", "x", "x", "x", "y", "y"],
    "product_id": ["c", "a", "c", "b", "d", "a"],
    "time": ["2024-03-01", "2024-01-01", "2024-01-05", "2024-03-02", "2024-02-01", "2024-02-01"],
}
UNDATED = {"customer_id": ["x"] * 4 + ["y"] * 3, "product_id": [*"abcd", *"bcd"]}


def orders(uses):
    return {customer: "".join(products) for customer, products in uses.groupby("customer_id")["product_id"]}


def test_dated_uses_stand_in_the_order_of_their_first_time(tables_of):
    uses = first_interactions(tables_of(products=PRODUCTS, transactions=DATED), seed=0)
    assert orders(uses) == {"x": "acb", "y": "da"}  # y's two stand as in the source
    assert uses.loc[1, "time"] == pd.Timestamp("2024-01-05", tz="UTC")


def test_undated_uses_stand_before_dated_ones(tables_of):
    ratings = {"customer_id": ["x"], "product_id": ["d"], "rating": [5.0]}
    uses = first_interactions(tables_of(products=PRODUCTS, transactions=DATED, ratings=ratings), seed=0)
    assert orders(uses)["x"] == "dacb"


def test_the_order_of_undated_uses_is_drawn_by_the_seed(tables_of):
    tables = tables_of(products=PRODUCTS, transactions=UNDATED)
    drawn = {tuple(orders(first_interactions(tables, seed)).items()) for seed in range(10)}
    assert len(drawn) > 5
    assert orders(first_interactions(tables, 3)) == orders(first_interactions(tables, 3))


def test_the_order_in_the_source_says_nothing_where_there_are_no_dates(tables_of):
    backwards = {name: values[::-1] for name, values in UNDATED.items()}
    one, other = (tables_of(products=PRODUCTS, transactions=rows) for rows in (UNDATED, backwards))
    assert orders(first_interactions(one, 1)) == orders(first_interactions(other, 1))


@pytest.mark.parametrize("seed", range(5))
def test_more_undated_rows_never_reorder_the_old_ones(tables_of, seed):
    more = {"customer_id": ["z", "y", *UNDATED["customer_id"]], "product_id": ["a", "a", *UNDATED["product_id"]]}
    before = orders(first_interactions(tables_of(products=PRODUCTS, transactions=UNDATED), seed))
    after = orders(first_interactions(tables_of(products=PRODUCTS, transactions=more), seed))
    assert after["x"] == before["x"]
    assert after["y"].replace("a", "") == before["y"]


def test_arrays_follow_the_sorted_customers_and_the_catalogue(tables_of):
    data = model_data(tables_of(products=PRODUCTS, transactions=DATED), seed=0)
    assert data.customer_ids == ["x", "y"]
    assert data.catalogue.product_ids == ["a", "b", "c", "d"]
    assert data.histories.products.tolist() == [0, 2, 1, 3, 0]
    first_of_january = pd.Timestamp("2024-01-01").to_numpy().astype("datetime64[D]").astype(int)
    assert (data.histories.days - first_of_january).tolist() == [0, 4, 61, 31, 31]
    assert data.profiles == [Profile(), Profile()]


def test_without_dates_every_day_is_0(tables_of):
    assert not model_data(tables_of(products=PRODUCTS, transactions=UNDATED), seed=0).histories.has_days


def test_profiles_say_what_is_known_and_age_counts_to_the_newest_use(tables_of):
    customers = {
        "customer_id": ["y", "x"],
        "birth_year": [1990, None],
        "skin_type": ["dry", None],
        "concerns": [["rosacea", "loneliness", "red skin"], None],
        "avoided_ingredients": [None, ["parfum"]],
    }
    data = model_data(tables_of(products=PRODUCTS, transactions=DATED, customers=customers), seed=0)
    assert data.profiles == [
        Profile(avoided_ingredients=("parfum",)),
        Profile(age=34, skin_type="dry", concerns=("redness",)),
    ]


def test_texts_stand_in_the_catalogues_order(tables_of):
    products = {"product_id": ["b", "a"], "name": ["Gel", "Cream"], "ingredients": [["Rose Oil", "Aqua"], None]}
    uses = {"customer_id": ["x"], "product_id": ["a"]}
    texts = model_data(tables_of(products=products, transactions=uses), seed=0).texts
    assert texts["name"] == ["Cream", "Gel"]
    assert texts["ingredients"][0] == ""
    assert texts["ingredients"][1].split()[0].casefold() == "rose_oil"
