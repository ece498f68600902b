import pandas as pd
import pytest

from recommender.models.model_data import first_interactions, model_data
from recommender.splits import Split, split
from settings.config import Config

PRODUCTS = {"product_id": ["a", "b", "c"], "name": ["Cream", "Gel", "Mask"]}
TRANSACTIONS = {
    "customer_id": ["x", "x", "x", "x", "y", "z", "z"],
    "product_id": ["a", "b", "c", "b", "a", "a", "b"],
    "time": [f"2024-01-{day:02}T10:00" for day in (1, 2, 3, 4, 1, 5, 5)],
}
EVENTS = {
    "customer_id": ["x", "x", "y", "x"],
    "product_id": ["c", "a", "c", None],
    "type": ["view", "view", "like", "search"],
    "time": ["2024-01-02T10:00"] * 4,
}


@pytest.fixture
def held_out(tables_of):
    ratings = {"customer_id": ["x", "z"], "product_id": ["c", "a"], "rating": [5, 4], "time": ["2024-02-01"] * 2}
    return split(tables_of(products=PRODUCTS, transactions=TRANSACTIONS, events=EVENTS, ratings=ratings), Config())


def pairs(table):
    return {*zip(table["customer_id"], table["product_id"], strict=True)}


def test_the_last_product_a_customer_came_to_is_held_out(held_out):
    # x bought b again after c, but c is the last that was new; y has one product alone.
    assert pairs(held_out.test) == {("x", "c"), ("z", "b")}


def test_same_day_compares_with_the_customers_use_before(held_out):
    assert held_out.test.set_index("customer_id")["same_day"].to_dict() == {"x": False, "z": True}


def test_no_table_of_train_tells_of_a_held_out_pair(held_out):
    train = held_out.train
    assert pairs(train.transactions) == {("x", "a"), ("x", "b"), ("y", "a"), ("z", "a")}
    assert pairs(train.ratings) == {("z", "a")}
    assert train.events[["customer_id", "product_id", "type"]].fillna("").to_numpy().tolist() == [
        ["x", "a", "view"],
        ["y", "c", "like"],
        ["x", "", "search"],
    ]
    assert len(train.products) == 3


def test_what_was_written_reads_back(held_out, tmp_path):
    held_out.write(tmp_path / "split")
    again = Split.read(tmp_path / "split")
    pd.testing.assert_frame_equal(again.test, held_out.test)
    assert again.tables.rows == held_out.tables.rows


def test_events_that_name_no_product_at_all(tables_of):
    searches = {"customer_id": ["x"], "type": ["search"], "time": ["2024-01-02"]}
    tables = tables_of(products=PRODUCTS, transactions=TRANSACTIONS, events=searches)
    assert len(split(tables, Config()).train.events) == 1


def test_on_the_synthetic_shop_one_product_each_and_one_always_stays(tables, tiny_split, config):
    test, train = tiny_split.test, first_interactions(tiny_split.train, config.seed)
    assert test["customer_id"].is_unique
    assert len(test) > 100
    assert {*test["customer_id"]} <= {*train["customer_id"]}
    whole = first_interactions(tables, config.seed).groupby("customer_id").size()
    left = train.groupby("customer_id").size()
    tested = test["customer_id"]
    assert ((whole - left)[tested] == 1).all()
    assert ((whole - left).drop(tested) == 0).all()


def test_minimum_history_counts_products(tables):
    config = Config.parse({"evaluation": {"minimum_history": 8}}, where="test")
    tested = split(tables, config).test["customer_id"]
    lengths = first_interactions(tables, config.seed).groupby("customer_id").size()
    assert {*tested} == {*lengths[lengths >= 8].index}


def test_the_judged_models_histories_are_those_of_train(tables, tiny_split, config):
    """What the judged model is fitted on is the whole less its last, and that is what train tells."""
    fitted = model_data(tables, config.seed)
    train = model_data(tiny_split.train, config.seed)
    shorter = fitted.histories.without_last()
    assert fitted.customer_ids == train.customer_ids
    assert shorter.starts.tolist() == train.histories.starts.tolist()
    assert shorter.products.tolist() == train.histories.products.tolist()
    assert shorter.days.tolist() == train.histories.days.tolist()


def test_without_dates_the_seed_decides_who_is_tested_by_what(tables_of):
    undated = {"customer_id": ["x"] * 3, "product_id": ["a", "b", "c"]}
    tables = tables_of(products=PRODUCTS, transactions=undated)
    held = {split(tables, Config(seed=seed)).test["product_id"].item() for seed in range(12)}
    assert held == {"a", "b", "c"}
    assert not split(tables, Config()).test["same_day"].any()
