import shutil

import numpy as np
import pandas as pd
import pytest

from infrastructure.errors import BundleError
from infrastructure.files import read_json, write_json
from recommender.contract.query import Item, Recommendation
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.evaluation import metrics
from recommender.evaluation.bundle_evaluation import (
    Evaluation,
    evaluate_anchor,
    evaluate_bundle,
    evaluate_champion,
)
from recommender.evaluation.metrics import MISSED
from recommender.evaluation.slices import with_slices
from recommender.models.bundle import MANIFEST, READABLE
from recommender.splits import split
from settings.config import Config


@pytest.fixture(scope="module")
def evaluation(judged, tiny_split, config):
    return evaluate_bundle(judged, tiny_split, config)


def test_figures_are_the_means_over_the_ranks(evaluation, tiny_split):
    ranks = evaluation.judged["rank"].to_numpy()
    assert evaluation.ranks["customer_id"].tolist() == tiny_split.test["customer_id"].tolist()
    assert {*evaluation.figures} == {f"{name}@10" for name in ("hr", "ndcg", "recall", "precision", "map", "mrr")}
    for name, values in metrics.per_customer(ranks, None, 10).items():
        figure = evaluation.figures[f"{name}@10"]
        assert figure.value == pytest.approx(values.mean())
        assert figure.low < figure.value < figure.high
    assert evaluation.figures["hr@10"].value > 3 * 10 / 150  # far better than a draw


def test_a_champion_of_another_version_is_not_compared_and_an_altered_one_is_told(judged, tiny_split, config, tmp_path):
    outdated, altered = tmp_path / "outdated", tmp_path / "altered"
    for folder in (outdated, altered):
        shutil.copytree(judged, folder)
    write_json(outdated / MANIFEST, read_json(outdated / MANIFEST) | {"schema_version": READABLE[0] - 1})
    assert evaluate_champion(outdated, "in service", tiny_split, config) is None
    (altered / "names.json").write_text("{}")
    with pytest.raises(BundleError, match="altered"):
        evaluate_champion(altered, "in service", tiny_split, config)
    # An earlier champion that cannot be read must not stop every training from now on.
    assert evaluate_anchor(altered, "earlier", tiny_split, config) is None


def test_the_champion_goes_by_the_version_that_is_deployed(evaluation, judged, tiny_split, config):
    reigning = evaluate_champion(judged, "in service", tiny_split, config)
    assert reigning is not None
    assert reigning.version == "in service"
    assert reigning.figures == evaluation.figures


def test_ranks_are_the_places_in_the_engines_own_answers(evaluation, judged, tiny_split, config):
    engine = Engine.load(judged)
    tested = tiny_split.test.head(30)
    asked = queries_from_tables(tiny_split.train, tested["customer_id"].tolist(), config.seed, k=10)
    for query, product, rank in zip(asked, tested["product_id"], evaluation.ranks["rank"], strict=False):
        (answer,) = engine.recommend([query])
        listed = engine.catalogue.family[engine.catalogue.positions(item.product_id for item in answer.items)].tolist()
        family = engine.catalogue.family[engine.catalogue.index[product]]
        assert rank == (listed.index(family) if family in listed else MISSED)


def test_no_rule_is_broken_and_the_version_is_the_bundles(evaluation, judged):
    assert evaluation.violations == 0
    assert evaluation.version == Engine.load(judged).version
    assert 0 < evaluation.coverage <= 1
    assert 0 < evaluation.lists["gini"] < 1
    assert evaluation.customers == len(evaluation.judged)


def test_cost_and_origin_are_told(evaluation, judged):
    assert evaluation.megabytes == pytest.approx(sum(p.stat().st_size for p in judged.rglob("*") if p.is_file()) / 1e6)
    assert 0 < evaluation.milliseconds < 10_000
    assert (evaluation.split, evaluation.date) == ("last", None)
    assert evaluation.model["products"] == 150
    assert evaluation.model["config"]["seed"] == 0


def test_customers_with_several_held_out_products_count_once(judged, tables, config):
    values = config.model_dump(mode="json")
    values["evaluation"] |= {"split": "random", "test_share": 0.4}
    parted = split(tables, Config.parse(values, where="test"))
    found = evaluate_bundle(judged, parted, config)
    ranks = found.judged
    assert len(found.ranks) == len(parted.test)
    assert len(ranks) > found.customers == ranks["customer_id"].nunique()
    hit = ranks.assign(hit=ranks["rank"] < 10).groupby("customer_id")["hit"]
    assert found.figures["hr@10"].value == pytest.approx(hit.any().mean())
    assert found.figures["recall@10"].value == pytest.approx(hit.mean().mean())
    whole = next(row for row in found.slices if row["slice"] == "history")
    assert whole["customers"] < found.customers
    sold = [row for row in found.slices if row["slice"] == "target sales"]
    assert sum(row["customers"] for row in sold) > found.customers  # one with products in two parts is in both


def test_whole_customers_are_asked_by_their_profile(judged, tables, config):
    values = config.model_dump(mode="json")
    values["evaluation"] |= {"split": "customers"}
    found = evaluate_bundle(judged, split(tables, Config.parse(values, where="test")), config)
    assert [row["value"] for row in found.slices if row["slice"] == "history"] == ["none"]
    assert "popularity_lift" not in found.lists


def test_violations_are_counted(judged, tiny_split, config, monkeypatch):
    def what_they_have(_engine, asked, **_):
        return [Recommendation(query.customer_id, (Item(query.products[0], 1.0),), "personal") for query in asked]

    monkeypatch.setattr(Engine, "recommend", what_they_have)
    assert evaluate_bundle(judged, tiny_split, config).violations >= len(tiny_split.test)


def test_every_slice_is_a_part_of_the_whole(evaluation):
    rows = pd.DataFrame(evaluation.slices)
    assert {"history", "target sales", "target day", "skin type", "region", "age"} == {*rows["slice"]}
    for name in ("history", "target sales", "target day"):
        assert rows.loc[rows["slice"] == name, "customers"].sum() == len(evaluation.judged)
    part = evaluation.judged[evaluation.judged["slice_target day"] == "later day"]
    row = next(row for row in evaluation.slices if row["value"] == "later day")
    assert row["customers"] == len(part)
    assert row["hr"]["value"] == pytest.approx((part["rank"] < 10).mean())


def test_what_was_written_reads_back(evaluation, tmp_path):
    evaluation.write(tmp_path / "evaluation")
    again = Evaluation.read(tmp_path / "evaluation")
    assert again.summary() == evaluation.summary()
    assert (again.figures, again.slices, again.k) == (evaluation.figures, evaluation.slices, evaluation.k)
    np.testing.assert_array_equal(again.ranks["rank"], evaluation.ranks["rank"])


def test_history_slices_count_what_the_engine_was_told(evaluation, tiny_split, config):
    asked = queries_from_tables(tiny_split.train, tiny_split.test["customer_id"].tolist(), config.seed, 10)
    known = np.array([len({*query.products}) for query in asked])
    labels = evaluation.ranks["slice_history"].astype(str).to_numpy()
    for label, low, high in [("1", 1, 1), ("2", 2, 2), ("3–5", 3, 5), ("6–10", 6, 10), ("over 10", 11, 10**6)]:
        assert np.array_equal(labels == label, (known >= low) & (known <= high))


def test_target_sales_count_customers_in_training(tables_of, config):
    """Purchases by an event count as those by a transaction do."""
    bought = [("x", "a"), ("x", "b"), ("y", "b"), ("y", "a"), ("z", "b"), ("z", "b")]
    uses = {
        "customer_id": [customer for customer, _ in bought],
        "product_id": [product for _, product in bought],
        "time": [f"2024-01-0{day}" for day in range(1, 7)],
    }
    products = {"product_id": ["a", "b"], "name": ["Cream", "Gel"]}
    found = []
    for extra in ({"transactions": uses}, {"events": {**uses, "type": ["purchase"] * 6}}):
        held_out = split(tables_of(products=products, **extra), config)
        asked = queries_from_tables(held_out.train, held_out.test["customer_id"].tolist(), 0, 10)
        described = with_slices(held_out.test.assign(rank=0), held_out, asked, age_bands=(18, 65))
        found.append(described["slice_target sales"].astype(str).tolist())
    assert found[0] == ["1–4", "1–4"]
    assert found[1] == found[0]
