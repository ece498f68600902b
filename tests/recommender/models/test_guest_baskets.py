"""What guests bought is learnt as bought together, and is nobody's history."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from infrastructure.errors import LeakError
from recommender.contract.tables import Tables
from recommender.models.candidate_models.item_to_item import ItemToItemModels
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import ModelData, model_data
from recommender.splits import split
from recommender.splits.leaks import check_tables
from settings.config import Config

PRODUCTS = {"product_id": [*"abcde"], "name": ["Cream", "Gel", "Mask", "Oil", "Balm"]}
SALES = {
    "transaction_id": ["1", "2", "3", "4", "g1", "g1", "g1", "g2", "g2"],
    "customer_id": ["x", "x", "y", "y", None, None, None, None, None],
    "product_id": ["a", "b", "a", "c", "d", "e", "e", "d", "b"],
    "time": [f"2024-01-{day:02}T10:00" for day in (1, 5, 1, 6, 2, 2, 2, 9, 9)],
}
TABLES = Callable[..., Tables]


def shop(tables_of: TABLES, **columns: list[Any]) -> Tables:
    return tables_of(products=PRODUCTS, transactions=SALES | columns)


def data_of(tables: Tables) -> ModelData:
    return model_data(tables, seed=0)


def test_a_basket_has_each_product_once_and_is_no_customer(tables_of: TABLES) -> None:
    data = data_of(shop(tables_of))
    assert data.customer_ids == ["x", "y"]
    assert data.baskets.starts.tolist() == [0, 2, 4]
    assert data.baskets.products.tolist() == [3, 4, 1, 3]
    assert len({*data.baskets.days.tolist()}) == 2
    assert data.histories.product_count == data.baskets.product_count == 5


def test_what_is_bought_together_is_learnt_from_guests_and_what_follows_is_not(tables_of: TABLES) -> None:
    data = data_of(shop(tables_of))
    fitters = ItemToItemModels(data, Config().model.families, seed=0).fitters(data.histories, every=True)
    for family in ("bought_together", "bought_close", "bought_same_day"):
        assert fitters[family]()[3, 4] > 0, family
    for family in ("followed_by", "preceded_by", "bought_next_visit", "bm25"):
        assert fitters[family]()[3].nnz == 0, family


def test_in_undated_shops_baskets_are_learnt_from_without_days(tables_of: TABLES) -> None:
    undated = {name: cells for name, cells in SALES.items() if name != "time"}
    data = data_of(tables_of(products=PRODUCTS, transactions=undated))
    together = data.histories.with_baskets(data.baskets)
    assert not together.has_days
    ratings = {"customer_id": ["x", "x"], "product_id": ["a", "b"], "rating": [5, 4]}
    guests = {name: cells[4:] for name, cells in SALES.items()}
    mixed = data_of(tables_of(products=PRODUCTS, transactions=guests, ratings=ratings))
    assert mixed.baskets.has_days
    assert not mixed.histories.with_baskets(mixed.baskets).has_days


def test_without_guests_the_histories_themselves_are_learnt_from(tables_of: TABLES) -> None:
    data = data_of(replace(shop(tables_of), guest_baskets=None))
    assert data.histories.with_baskets(data.baskets) is data.histories


def test_a_hybrid_has_no_customer_more(tables_of: TABLES) -> None:
    data = data_of(shop(tables_of))
    (hybrid,) = HybridFitter(data, Config()).fit_hybrids(data.histories)
    assert hybrid.generator.popularity.counts.sum() == len(data.histories.products)
    assert np.isfinite(hybrid.generator.neighbours.blend).all()


def test_a_split_by_time_learns_no_basket_from_its_date_on(tables_of: TABLES) -> None:
    config = Config.parse(
        {"evaluation": {"split": "time", "split_date": "2024-01-05", "minimum_history": 2}}, where="test"
    )
    found = split(shop(tables_of), config)
    assert {*found.test["customer_id"]} == {"x", "y"}
    guests = found.train.guest_baskets
    assert guests is not None
    assert {*guests["transaction_id"]} == {"g1"}
    with pytest.raises(LeakError, match=r"(?s)guest_baskets.*2024-01-05"):
        check_tables(replace(found.train, guest_baskets=found.tables.guest_baskets), found.test, found.date)


def test_other_splits_learn_every_basket_and_test_no_guest(tables_of: TABLES) -> None:
    found = split(shop(tables_of), Config.parse({"evaluation": {"minimum_history": 2}}, where="test"))
    assert {*found.test["customer_id"]} == {"x", "y"}
    assert found.train.guest_baskets is not None
    assert found.train.guest_baskets["transaction_id"].nunique() == 2
