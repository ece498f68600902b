from dataclasses import replace

import numpy as np
import pytest

from infrastructure.files import sha256
from recommender.contract import columns as c
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.models.bundle import Bundle
from recommender.models.candidate_models.item_to_item import ItemToItemModels
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from recommender.splits import split
from recommender.training.bundles import fit_on_everything, train_bundles
from settings.config import Config

QUICK = {"model": {"ranker": {"enabled": False}}}


def contents(folder):
    return {path.relative_to(folder).as_posix(): sha256(path) for path in folder.rglob("*") if path.is_file()}


def with_other_ends(tables, tested, product_ids, seed=0):
    """The tables in which each tested customer's last product is another one, at the same time."""
    rng = np.random.default_rng(seed)
    owned = tables.transactions.groupby(c.CUSTOMER_ID)[c.PRODUCT_ID].agg(set)
    changed = tables.transactions.copy()
    for customer, product in tested:
        other = rng.choice([p for p in product_ids if p not in owned[customer]])
        changed.loc[(changed[c.CUSTOMER_ID] == customer) & (changed[c.PRODUCT_ID] == product), c.PRODUCT_ID] = other
    return replace(tables, transactions=changed)


def test_training_twice_gives_the_same_bytes(tiny_split, config, judged, model, tmp_path):
    train_bundles(tiny_split, config, tmp_path / "judged", tmp_path / "model")
    assert contents(tmp_path / "judged") == contents(judged)
    assert contents(tmp_path / "model") == contents(model)
    assert "ranker.txt" in contents(model)


def test_the_judged_model_never_sees_a_held_out_purchase(tables, config, tmp_path):
    """Other held-out purchases give the same judged model, re-ranker included, and another deployed one."""
    alone = replace(tables, events=None, ratings=None)
    product_ids = tables.products[c.PRODUCT_ID].tolist()
    first = split(alone, config)
    tested = first.test[[c.CUSTOMER_ID, c.PRODUCT_ID]].to_numpy().tolist()
    second = split(with_other_ends(alone, tested, product_ids), config)
    assert (first.test[c.CUSTOMER_ID] == second.test[c.CUSTOMER_ID]).all()
    assert (first.test[c.PRODUCT_ID] != second.test[c.PRODUCT_ID]).all()
    for number, held_out in enumerate((first, second)):
        train_bundles(held_out, config, tmp_path / f"judged-{number}", tmp_path / f"model-{number}")
    assert contents(tmp_path / "judged-0") == contents(tmp_path / "judged-1")
    assert contents(tmp_path / "model-0") != contents(tmp_path / "model-1")


def test_the_manifest_says_what_the_model_came_of(model, tables, config):
    manifest = Bundle.open(model).manifest
    assert Config.parse(manifest["config"], where="manifest") == config
    assert manifest["products"] == len(tables.products)
    assert manifest["customers"] > 200


def test_without_refit_the_judged_model_is_the_deployed_one(tiny_split, tmp_path):
    config = Config.parse({"model": {"refit": False, "ranker": {"enabled": False}}}, where="test")
    train_bundles(tiny_split, config, tmp_path / "judged", tmp_path / "model")
    assert contents(tmp_path / "judged") == contents(tmp_path / "model")


def test_another_seed_gives_another_model(tables, config, model, tmp_path):
    fit_on_everything(tables, config.model_copy(update={"seed": 1}), tmp_path / "model")
    assert Bundle.open(tmp_path / "model").version != Bundle.open(model).version


def test_what_was_loaded_answers_as_what_was_fitted(tables, config, model):
    """Nothing is lost on the way through the files."""
    loaded = Engine.load(model)
    data = model_data(tables, config.seed)
    fitted = HybridFitter(data, config).fit_hybrids(data.histories, deeper=2)[0]
    in_memory = Engine(fitted, data.catalogue, loaded.rules, loaded.version)
    asked = queries_from_tables(tables, data.customer_ids[:40], config.seed, 10)
    assert loaded.recommend(asked) == in_memory.recommend(asked)


def test_a_family_of_weight_0_is_left_out(tables):
    config = Config.parse({"model": {"families": {"bm25": 0, "title": 0}}}, where="test")
    data = model_data(tables, 0)
    assert {*ItemToItemModels(data, config.model.families, 0).fit(data.histories)} == {
        "followed_by",
        "preceded_by",
        "bought_together",
        "bought_close",
        "bought_same_day",
        "bought_next_visit",
        "ease",
        "content",
    }


def test_a_catalogue_too_large_for_ease_does_without(tables):
    config = Config.parse({"model": {"families": {"ease_most_products": 100}}}, where="test")
    data = model_data(tables, 0)
    assert "ease" not in ItemToItemModels(data, config.model.families, 0).fit(data.histories)


# Shops of other kinds.

PRODUCTS = {"product_id": ["a", "b", "c", "d"], "name": ["Rose Cream", "Clay Mask", "Rose Gel", "Argan Oil"]}
PAIRS = {"customer_id": [*"xxyyz"], "product_id": [*"abbca"]}
TIMES = [f"2024-01-0{day}" for day in range(1, 6)]


@pytest.mark.parametrize(
    "uses",
    [
        pytest.param({"transactions": PAIRS | {"time": TIMES}}, id="dated"),
        pytest.param({"transactions": PAIRS}, id="undated"),
        pytest.param({"ratings": PAIRS | {"rating": [5.0, 1, 4, 3, 2]}}, id="ratings alone"),
        pytest.param({"events": PAIRS | {"type": ["purchase"] * 5, "time": TIMES}}, id="events alone"),
        pytest.param({"transactions": {"customer_id": [*"xyz"], "product_id": [*"aba"]}}, id="one product each"),
    ],
)
@pytest.mark.parametrize("values", [QUICK, {}], ids=["blend", "ranker"])
def test_the_smallest_shops_can_be_trained_on(tables_of, tmp_path, uses, values):
    config = Config.parse(values, where="test")
    held_out = split(tables_of(products=PRODUCTS, **uses), config)
    train_bundles(held_out, config, tmp_path / "judged", tmp_path / "model")
    engine = Engine.load(tmp_path / "model")
    (answer,) = engine.recommend(queries_from_tables(held_out.tables, ["x"], config.seed, 10))
    (table,) = uses.values()
    pairs = zip(table["customer_id"], table["product_id"], strict=True)
    assert {item.product_id for item in answer.items} == {*"abcd"} - {product for who, product in pairs if who == "x"}


def test_undated_data_tells_nothing_of_order(tables_of):
    data = model_data(tables_of(products=PRODUCTS, transactions=PAIRS), 0)
    fitted = ItemToItemModels(data, Config().model.families, 0).fit(data.histories)
    assert not {"followed_by", "preceded_by", "bought_close", "bought_same_day", "bought_next_visit"} & {*fitted}
    assert "bought_together" in fitted
