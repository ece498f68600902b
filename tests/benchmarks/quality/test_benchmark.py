"""The quality benchmark, from ranking to the written page, on a small shop."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import benchmark_quality
from benchmarks.quality.comparison import HYBRID, BenchmarkComparison
from benchmarks.quality.results import figures_row, score_result
from recommender.contract.query import Profile
from recommender.evaluation.baselines.baselines import evaluate_baselines, read_baselines, write_baselines
from recommender.evaluation.baselines.model_comparison import ModelResult, places
from recommender.evaluation.baselines.popularity_window import WINDOWS
from recommender.evaluation.baselines.single_models import best_products, fit_single_models
from recommender.evaluation.bundle_evaluation import evaluate_bundle
from recommender.evaluation.metrics import MISSED
from recommender.models.bundle import Bundle
from recommender.models.histories import Histories
from recommender.models.hybrid_bundle import read_hybrid
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from recommender.models.products.families import Families
from recommender.splits import split
from settings.config import Config

NOBODY = Profile()


def histories(*sequences, products):
    return Histories.from_sequences(sequences, [[0] * len(sequence) for sequence in sequences], product_count=products)


def always(*scores):
    """A family that scores products alike for everyone."""
    return lambda asked, _: np.tile(np.array(scores, np.float32), (len(asked), 1))


def alone(asked):
    return Families.from_numbers(np.arange(asked.product_count, dtype=np.int32))


def lists(score, asked, k=10, seed=0):
    return [found.tolist() for found in best_products(score, asked, [NOBODY] * len(asked), k, seed, alone(asked))]


def test_best_first_without_what_the_customer_has_and_what_the_family_says_nothing_of():
    asked = histories([3], [0, 2], [1, 2, 3], products=5)
    assert lists(always(0.2, 0.0, 0.3, 0.9, 0.1), asked) == [[2, 0, 4], [3, 4], [0, 4]]
    assert lists(always(0.2, 0.0, 0.3, 0.9, 0.1), asked, k=1) == [[2], [3], [0]]


def test_equal_scores_stand_in_an_order_drawn_by_the_seed():
    asked = histories(*[[0]] * 400, products=5)
    found = lists(always(1, 1, 1, 1, 1), asked, k=4)
    assert {*map(tuple, map(sorted, found))} == {(1, 2, 3, 4)}
    firsts = np.bincount([first for first, *_ in found], minlength=5)
    assert (firsts[1:] > 60).all()  # about 100 each
    assert found == lists(always(1, 1, 1, 1, 1), asked, k=4)
    assert found != lists(always(1, 1, 1, 1, 1), asked, k=4, seed=1)


def test_more_customers_than_are_ranked_at_once():
    asked = histories(*([customer % 7] for customer in range(600)), products=7)
    found = lists(always(7, 6, 5, 4, 3, 2, 1), asked, k=1)
    assert found == [[1] if customer % 7 == 0 else [0] for customer in range(600)]


def test_places():
    found = [np.array([4, 2, 9]), np.array([4]), np.array([], np.int64)]
    assert places(found, np.array([0, 1, 2]), np.array([9, 2, 1])).tolist() == [2, MISSED, MISSED]
    assert places(found, np.array([0, 0, 1]), np.array([2, 4, 4])).tolist() == [1, 0, 0]


def row(result, hybrid, owners, slices):
    """The figures of one result, by 200 resamples."""
    ours = score_result(hybrid, 10, owners, slices)
    own = ours if result is hybrid else score_result(result, 10, owners, slices)
    return figures_row(own, ours, resamples=200, seed=0)


def test_a_row_of_figures():
    masks = {"odd": np.array([False, True, False, True]), "even": np.array([True, False, True, False])}
    popularity = ModelResult("popularity", np.array([0, MISSED, MISSED, MISSED]), {"coverage": 0.1}, 2.0)
    hybrid = ModelResult(HYBRID, np.array([0, 0, 9, MISSED]), {"coverage": 0.9}, 20.0)
    found = row(popularity, hybrid, np.arange(4), masks)
    assert found["hr"]["value"] == found["ndcg"]["value"] == 0.25
    assert found["hybrid_leads_by"]["hr"]["value"] == 0.5
    assert found["hybrid_leads_by"]["ndcg"]["value"] == pytest.approx((1 + 1 / np.log2(11)) / 4)
    assert found["hybrid_leads_by"]["hr"]["low"] < 0.5 < found["hybrid_leads_by"]["hr"]["high"]
    assert {name: part["hr"]["value"] for name, part in found["slices"].items()} == {"odd": 0, "even": 0.5}
    assert row(hybrid, hybrid, np.arange(4), masks)["hybrid_leads_by"] == {}


def test_a_row_of_customers_with_several_products():
    masks = {"first": np.array([True, False, False]), "rest": np.array([False, True, True])}
    content = ModelResult("content", np.array([0, MISSED, 4]), {}, 1.0)
    found = row(content, ModelResult(HYBRID, np.array([0, 1, 4]), {}, 1.0), np.array([0, 0, 1]), masks)
    assert (found["hr"]["value"], found["recall"]["value"]) == (1.0, 0.75)
    assert found["hybrid_leads_by"]["recall"]["value"] == 0.25
    assert {name: part["recall"]["value"] for name, part in found["slices"].items()} == {"first": 1, "rest": 0.5}


def test_a_lead_that_is_nothing_for_anybody_is_still_not_certain():
    same = np.full(20, MISSED)
    found = row(ModelResult("content", same, {}, 1.0), ModelResult(HYBRID, same, {}, 1.0), np.arange(20), {})
    lead = found["hybrid_leads_by"]["hr"]
    assert lead["low"] < lead["value"] == 0 < lead["high"] == -lead["low"]


@pytest.fixture(scope="module")
def comparison(tiny_split, config):
    return BenchmarkComparison(tiny_split, config)


@pytest.fixture(scope="module")
def fitted(comparison):
    return {
        family.name: family
        for family in fit_single_models(HybridFitter(comparison.data, comparison.config), comparison.known)
    }


def test_held_out_purchases_are_not_among_what_is_learnt(comparison):
    whole = model_data(comparison.split.tables, comparison.config.seed)
    assert len(comparison.known.products) + len(comparison.split.test) == len(whole.histories.products)
    for place, product in zip(comparison.owners, comparison.held_out, strict=True):
        owned = comparison.tested_histories.products[
            comparison.tested_histories.starts[place] : comparison.tested_histories.starts[place + 1]
        ]
        assert len(owned)
        assert product not in owned


def test_who_is_held_out_whole_is_asked_without_history_and_only_by_what_can_answer(tables, config):
    values = config.model_dump(mode="json")
    values["evaluation"] |= {"split": "customers"}
    cold = Config.parse(values, where="test")
    comparison = BenchmarkComparison(split(tables, cold), cold)
    assert len(comparison.tested_histories) == len(comparison.split.customer_ids)
    assert not comparison.tested_histories.lengths.any()
    assert [result.name for result in comparison.evaluate_models()] == ["popularity", "groups", "traits"]


def test_families_score_every_product_and_the_blend_is_their_weighted_sum(comparison, fitted):
    asked, profiles = comparison.known.select(np.arange(20)), comparison.data.profiles[:20]
    scores = {name: family.score(asked, profiles) for name, family in fitted.items()}
    possible = HybridFitter(comparison.data, comparison.config).item_models.fitters(comparison.known, every=True)
    assert {*scores} == {"popularity", "groups", "traits", "item_knn", *possible, "blend", "network"}
    assert {found.shape for found in scores.values()} == {(20, len(comparison.data.catalogue))}
    np.testing.assert_array_equal(scores["popularity"][0], scores["popularity"][1])
    weights = comparison.config.model.families.model_dump()
    assert weights["als"] == 0
    together = sum(scores[name] * weights[name] for name in possible)  # up to half precision
    np.testing.assert_allclose(scores["blend"], together, rtol=1e-2)


def test_the_network_alone_gives_probabilities_and_says_nothing_of_who_has_no_history(comparison, fitted):
    asked = histories([0, 1], [], [2], products=len(comparison.data.catalogue))
    found = fitted["network"].score(asked, [NOBODY] * 3)
    np.testing.assert_allclose(found.sum(axis=1), [1, 0, 1], atol=1e-4)
    assert (found[[0, 2]] > 0).all()


def test_only_the_named_families_are_fitted(comparison):
    names = ("popularity", "bought_together", "no such family")
    found = {result.name: result for result in comparison.evaluate_models(names)}
    assert {*found} == {"popularity", "bought_together"}


def test_baselines_are_those_families_and_read_back(comparison, tmp_path):
    found = evaluate_baselines(comparison.split, comparison.config)
    assert {baseline.name for baseline in found} == {"popularity", "item_knn", "groups", "bought_together"}
    assert [one.validation for one in found] == sorted((one.validation for one in found), reverse=True)
    ours = next(baseline for baseline in found if baseline.name == "popularity")
    (popularity, *_) = comparison.evaluate_models(["popularity"])
    assert ours.figures["hr@10"].value == pytest.approx((popularity.ranks < 10).mean())
    assert ours.lists == popularity.lists
    assert ours.settings in {window.label for window in WINDOWS}
    write_baselines(found, tmp_path)
    assert read_baselines(tmp_path) == found


def test_without_profiles_there_are_no_groups(comparison):
    fitter = HybridFitter(comparison.data, comparison.config)
    fitter.data = type(comparison.data)(
        **{**vars(comparison.data), "profiles": [NOBODY] * len(comparison.data.profiles)}
    )
    assert "groups" not in [family.name for family in fit_single_models(fitter, comparison.known)]


SHOP = """
name: pocket
synthetic:
  customers: 250
  products: 150
  days: 300
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory, config):
    """The page that the command shows and the folder where it was written."""
    folder = tmp_path_factory.mktemp("benchmark")
    (folder / "pocket.yaml").write_text(SHOP)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        page = benchmark_quality(Path("pocket.yaml"), config, folder / "figures")
        return page, folder / "var/pocket/benchmarks"


def test_page_and_figures_are_written_and_agree(written):
    page, folder = written
    assert (folder / "quality_last.md").read_text() == f"{page}\n"
    found = json.loads((folder / "quality_last.json").read_text())
    assert found["seed"] == 0
    assert found["k"] == 10
    assert found["commit"] in page
    for model in found["models"]:
        assert f"| {model['model']} | {model['hr']['value']:.4f} (" in page
        assert model["hr"]["low"] <= model["hr"]["value"] <= model["hr"]["high"]
        assert 0 < model["lists"]["coverage"] <= 1
    assert found["models"][-1]["model"] == HYBRID


def test_the_figures_stand_in_a_page_of_their_own(written):
    page, folder = written
    text = (folder.parents[2] / "figures" / "quality" / "figures-of-pocket-split-last.md").read_text()
    written_by, _, figures = re.split(r"\n\n", text, maxsplit=2)
    assert written_by == "<!-- Written by make benchmark-quality -->"
    assert figures.strip() in page
    assert "| hybrid |" in figures


def test_seconds_are_in_the_figures_and_not_in_the_page(written):
    page, folder = written
    assert "second" not in page
    assert all(model["seconds"] >= 0 for model in json.loads((folder / "quality_last.json").read_text())["models"])


def test_a_second_run_writes_the_same_page(written, config, monkeypatch):
    page, folder = written
    monkeypatch.chdir(folder.parents[2])
    assert benchmark_quality(Path("pocket.yaml"), config) == page


def test_rolling_origins_are_one_table_and_one_of_each_fold(config, tmp_path, monkeypatch):
    (tmp_path / "pocket.yaml").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    values = config.model_dump(mode="json")
    values["evaluation"] |= {"split": "rolling", "folds": 2, "test_share": 0.4}
    values["model"]["ranker"]["enabled"] = False
    page = benchmark_quality(Path("pocket.yaml"), Config.parse(values, where="test"))
    found = json.loads((tmp_path / "var/pocket/benchmarks/quality_rolling.json").read_text())
    assert len(found["folds"]) == 2
    assert page.count("| origin ") == 2
    each = [fold["models"][-1]["ndcg"]["value"] for fold in found["folds"]]
    assert found["models"][-1]["model"] == HYBRID
    assert found["models"][-1]["ndcg"]["value"] == pytest.approx(np.mean(each))


def test_the_hybrid_leads_by_what_the_rows_differ(written):
    found = json.loads((written[1] / "quality_last.json").read_text())
    rows = {model["model"]: model for model in found["models"]}
    lead = rows["content"]["hybrid_leads_by"]
    assert lead["hr"]["value"] == pytest.approx(rows[HYBRID]["hr"]["value"] - rows["content"]["hr"]["value"])
    assert lead["hr"]["low"] > 0


def test_parts_make_the_whole(written):
    found = json.loads((written[1] / "quality_last.json").read_text())
    assert sum(found["sizes"].values()) == found["tested"]
    for model in found["models"]:
        hits = sum(model["slices"][name]["hr"]["value"] * size for name, size in found["sizes"].items())
        assert hits == pytest.approx(model["hr"]["value"] * found["tested"])


def test_the_hybrids_row_is_the_evaluation_of_its_bundle(comparison, judged):
    hybrid, _ = read_hybrid(Bundle.open(judged))
    result = comparison.evaluate_hybrid(hybrid, 1.5)
    evaluation = evaluate_bundle(judged, comparison.split, comparison.config)
    assert result.ranks.tolist() == evaluation.judged["rank"].tolist()
    assert (result.name, result.lists, result.seconds) == (HYBRID, evaluation.lists, 1.5)
