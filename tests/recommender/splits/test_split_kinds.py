"""The other splits: by time, rolling, at random, whole customers; and the proof that nothing leaks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from infrastructure.errors import DataError, LeakError
from infrastructure.files import sha256
from recommender.contract import columns as c
from recommender.engine.queries import queries_from_tables
from recommender.models.bundle import Bundle
from recommender.models.model_data import first_interactions, model_data
from recommender.splits import Split, folds, split
from recommender.splits.leaks import check_histories, check_tables
from recommender.training.bundles import fit_on_everything, train_bundles
from settings.config import Config

PRODUCTS = {"product_id": [*"abcde"], "name": ["Cream", "Gel", "Mask", "Oil", "Balm"]}
DAYS = {
    "customer_id": [*"xxxxyyzz"],
    "product_id": [*"abcdabac"],
    "time": [f"2024-01-{day:02}T10:00" for day in (1, 2, 5, 6, 1, 2, 7, 8)],
}


def settings(config=None, **evaluation):
    base = (config or Config()).model_dump(mode="json")
    return Config.parse({**base, "evaluation": {**base["evaluation"], **evaluation}}, where="test")


def pairs(table):
    return {*zip(table["customer_id"], table["product_id"], strict=True)}


@pytest.fixture
def shop(tables_of):
    return tables_of(products=PRODUCTS, transactions=DAYS)


def test_by_time_the_first_new_product_after_the_date_is_to_be_found(shop):
    found = split(shop, settings(split="time", split_date="2024-01-05"))
    # y came to nothing new, z had nothing before.
    assert pairs(found.test) == {("x", "c")}
    assert found.date == pd.Timestamp("2024-01-05", tz="UTC")
    assert pairs(found.train.transactions) == {("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")}
    assert found.customer_ids == ["x"]


def test_by_time_as_many_new_products_as_are_set(shop):
    found = split(shop, settings(split="time", split_date="2024-01-05", targets=2))
    assert pairs(found.test) == {("x", "c"), ("x", "d")}
    assert found.several


def test_by_time_a_product_bought_again_is_not_new(tables_of):
    again = {"customer_id": [*"xxx"], "product_id": [*"aab"], "time": ["2024-01-01", "2024-01-05", "2024-01-06"]}
    found = split(tables_of(products=PRODUCTS, transactions=again), settings(split="time", split_date="2024-01-04"))
    assert pairs(found.test) == {("x", "b")}
    assert len(found.train.transactions) == 1


def test_by_time_customers_need_the_minimum_history_before_the_date(shop):
    longer = settings(split="time", split_date="2024-01-02", minimum_history=3)
    with pytest.raises(DataError, match="nobody can be tested"):
        split(shop, longer)


def test_by_time_nothing_undated_and_nobody_who_signed_up_later_is_learnt_from(tables_of):
    tables = tables_of(
        products=PRODUCTS,
        transactions=DAYS,
        ratings={"customer_id": ["y", "y"], "product_id": ["d", "e"], "rating": [5, 4], "time": ["2024-01-03", None]},
        events={
            "customer_id": ["x", "x"],
            "product_id": ["e", "e"],
            "type": ["view", "view"],
            "time": ["2024-01-04T23:59", "2024-01-05T00:00"],
        },
        customers={"customer_id": [*"xyz"], "signup_time": ["2024-01-01", None, "2024-01-07"]},
    )
    found = split(tables, settings(split="time", split_date="2024-01-05")).train
    assert pairs(found.ratings) == {("y", "d")}
    assert len(found.events) == 1
    assert found.customers["customer_id"].tolist() == ["x", "y"]
    assert len(found.products) == len(PRODUCTS["name"])


def test_without_a_date_the_share_of_uses_decides(tables, config):
    found = split(tables, settings(config, split="time", test_share=0.3))
    uses = first_interactions(tables, config.seed)
    assert (uses[c.TIME] >= found.date).mean() == pytest.approx(0.3, abs=0.02)
    assert (found.test[c.TIME] >= found.date).all()
    assert found.test[c.CUSTOMER_ID].is_unique


def test_undated_data_cannot_be_split_by_time(tables_of):
    undated = tables_of(products=PRODUCTS, transactions={"customer_id": [*"xx"], "product_id": [*"ab"]})
    for kind in ("time", "rolling"):
        with pytest.raises(DataError, match="no dates"):
            split(undated, settings(split=kind))


def test_rolling_origins_learn_from_more_and_more_and_test_what_came_next(tables, config):
    parts = folds(tables, settings(config, split="rolling", folds=3, test_share=0.4))
    dates = [part.date for part in parts]
    assert dates == sorted({*dates})
    assert len(parts) == 3
    for part, end in zip(parts, [*dates[1:], None], strict=True):
        assert (part.test[c.TIME] >= part.date).all()
        assert end is None or (part.test[c.TIME] < end).all()
        assert part.train.transactions[c.TIME].max() < part.date
    sizes = [len(part.train.transactions) for part in parts]
    assert sizes == sorted({*sizes})
    assert split(tables, settings(config, split="rolling", folds=3, test_share=0.4)).date == dates[-1]


def test_more_folds_than_dates_are_refused(shop):
    with pytest.raises(DataError, match="too few dates") as error:
        folds(shop, settings(split="rolling", folds=30))
    assert error.value.field == "evaluation.folds"


def test_at_random_a_rounded_share_of_each_customers_products_is_held_out(tables, config):
    found = split(tables, settings(config, split="random", test_share=0.3))
    lengths = first_interactions(tables, config.seed).groupby(c.CUSTOMER_ID).size()
    held = found.test.groupby(c.CUSTOMER_ID).size().reindex(lengths.index).fillna(0)
    expected = (0.3 * lengths).round().clip(lower=1).clip(upper=lengths - 1)
    assert held.tolist() == expected.tolist()
    assert found.several


def test_at_random_the_seed_draws_any_product_and_leaves_one(tables_of):
    two = tables_of(products=PRODUCTS, transactions={"customer_id": [*"xxyy"], "product_id": [*"abab"]})
    found = [split(two, settings(Config(seed=seed), split="random")) for seed in range(30)]
    assert {frozenset(pairs(part.test)) for part in found} == {
        frozenset({("x", first), ("y", second)}) for first in "ab" for second in "ab"
    }
    assert pairs(found[0].train.transactions) | pairs(found[0].test) == pairs(two.transactions)


def test_whole_customers_leave_nothing_behind_but_their_profile(tables, config):
    found = split(tables, settings(config, split="customers", test_share=0.3))
    for table in (found.train.transactions, found.train.ratings, found.train.events):
        assert not table[c.CUSTOMER_ID].isin(found.customer_ids).any()
    everyone = first_interactions(tables, config.seed)
    tested = everyone[everyone[c.CUSTOMER_ID].isin(found.customer_ids)]
    assert pairs(found.test) == pairs(tested)
    assert len(found.customer_ids) / everyone[c.CUSTOMER_ID].nunique() == pytest.approx(0.3, abs=0.08)
    asked = queries_from_tables(found.train, found.customer_ids, config.seed, 10)
    assert all(not query.products and not query.dismissed for query in asked)
    assert all(query.profile.skin_type or query.profile.age or query.profile.region for query in asked)


def test_whole_customers_need_a_profile(shop):
    with pytest.raises(DataError, match="nobody can be tested"):
        split(shop, settings(split="customers"))


def test_kind_and_date_read_back(shop, tmp_path):
    found = split(shop, settings(split="time", split_date="2024-01-05"))
    found.write(tmp_path / "split")
    again = Split.read(tmp_path / "split")
    assert (again.kind, again.date) == ("time", found.date)
    assert again.train.rows == found.train.rows


def test_a_wrong_date_is_refused_by_name():
    with pytest.raises(Exception, match="date") as error:
        Config.parse({"evaluation": {"split_date": "May"}}, where="test")
    assert error.value.field == "evaluation.split_date"


# Leaks.


def test_a_held_out_pair_in_training_is_found(shop):
    found = split(shop, settings())
    with pytest.raises(LeakError) as error:
        check_tables(shop, found.test, None)
    assert error.value.where == "transactions"
    check_tables(found.train, found.test, None)


def test_a_row_of_the_date_in_training_is_found(shop):
    found = split(shop, settings(split="time", split_date="2024-01-05"))
    leaky = replace(found.train, transactions=shop.transactions[shop.transactions[c.TIME] != found.test[c.TIME].item()])
    with pytest.raises(LeakError, match="held out") as error:
        check_tables(leaky, found.test, found.date)
    assert "2024-01-08" in str(error.value.value)


def test_a_held_out_pair_in_histories_is_found(tables, tiny_split, config):
    data = model_data(tables, config.seed)
    check_histories(data, data.histories.without_last(), tiny_split.test)
    with pytest.raises(LeakError):
        check_histories(data, data.histories, tiny_split.test)


WITHOUT_RANKER = {"ranker": {"enabled": False}}


def contents(folder):
    return {path.relative_to(folder).as_posix(): sha256(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", ["time", "random", "customers"])
def test_the_judged_model_is_the_one_of_the_training_part_and_the_deployed_one_of_everything(tables, tmp_path, kind):
    chosen = settings(Config.parse({"model": WITHOUT_RANKER}, where="test"), split=kind)
    parted = split(tables, chosen)
    train_bundles(parted, chosen, tmp_path / "judged", tmp_path / "model")
    fit_on_everything(parted.train, chosen, tmp_path / "strict")
    fit_on_everything(tables, chosen, tmp_path / "whole")
    assert contents(tmp_path / "judged") == contents(tmp_path / "strict")
    assert contents(tmp_path / "model") == contents(tmp_path / "whole")
    manifests = [Bundle.open(tmp_path / name).manifest for name in ("judged", "model")]
    assert manifests[0]["purchases"] <= manifests[1]["purchases"] - len(parted.test)


def test_without_refit_the_strict_model_of_any_split_is_deployed(tables, tmp_path):
    chosen = settings(Config.parse({"model": {"refit": False, **WITHOUT_RANKER}}, where="test"), split="random")
    train_bundles(split(tables, chosen), chosen, tmp_path / "judged", tmp_path / "model")
    assert contents(tmp_path / "judged") == contents(tmp_path / "model")


def test_draws_do_not_follow_the_order_of_histories(tables, config):
    """Undated histories stand in an order drawn by the same seed: what is held out must not be its beginning."""
    undated = replace(tables, transactions=tables.transactions.drop(columns=[c.TIME]), events=None, ratings=None)
    uses = first_interactions(undated, config.seed)
    place = uses.groupby(c.CUSTOMER_ID).cumcount() / uses.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].transform("size")
    found = split(undated, settings(config, split="random")).test
    held = pd.MultiIndex.from_frame(uses[[c.CUSTOMER_ID, c.PRODUCT_ID]]).isin(
        pd.MultiIndex.from_frame(found[[c.CUSTOMER_ID, c.PRODUCT_ID]])
    )
    assert np.mean(place[held]) == pytest.approx(np.mean(place[~held]), abs=0.06)
