"""Several draws of a split as one table: averages worked out by hand, refusals, and a small shop."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import benchmark_quality
from benchmarks.quality.aggregation import check_draws, mean_over_draws
from benchmarks.quality.comparison import HYBRID, BenchmarkComparison
from benchmarks.quality.results import BenchmarkResult, ModelScores
from infrastructure.errors import ConfigError
from recommender.splits import split
from settings.config import Config

FACTS = {"seed": 0, "tested": 0, "held_out": 2, "several": False, "purchases": 9, "sizes": {"same day": 1}, "trees": 0}
BOOTSTRAP = {"resamples": 200, "seed": 0}


def scores(name, *values, **lists):
    return ModelScores(name, {"hr": np.array(values, float)}, {"same day": {}}, lists, 2.0)


def draw(customer_ids, *models, **facts):
    return BenchmarkResult(customer_ids, models, {**FACTS, "ratings": {"held_out": 1}, **facts})


def rows(outcome):
    return {row["model"]: row for row in outcome.figures(**BOOTSTRAP)["models"]}


def test_a_customer_counts_with_the_mean_over_the_draws_in_which_the_customer_is_tested():
    first = draw(["a", "b"], scores("ease", 1, 0), scores(HYBRID, 1, 1))
    second = draw(["c", "b"], scores("ease", 0, 1), scores(HYBRID, 1, 0))
    found = mean_over_draws([first, second])
    assert found.customer_ids == ["a", "b", "c"]
    by_name = {one.name: one.values["hr"].tolist() for one in found.scores}
    assert by_name == {"ease": [1, 0.5, 0], HYBRID: [1, 0.5, 1]}
    assert rows(found)["ease"]["hr"]["value"] == pytest.approx(1.5 / 3)  # over draws it would be 2 of 4
    assert rows(found)["ease"]["hybrid_leads_by"]["hr"]["value"] == pytest.approx(1 / 3)


def test_draws_of_the_same_values_are_no_surer_than_one():
    """Customers are resampled; were each draw's taken for others, nine would make the interval a third as wide."""
    hits = np.random.default_rng(0).random((2, 300)) < 0.3
    one = draw([f"c{n:03}" for n in range(300)], scores("ease", *hits[0]), scores(HYBRID, *hits[1]))
    expected, found = rows(one)["ease"], rows(mean_over_draws([one] * 9))["ease"]
    assert found["hr"] == pytest.approx(expected["hr"])
    assert found["hybrid_leads_by"]["hr"] == pytest.approx(expected["hybrid_leads_by"]["hr"])
    assert expected["hr"]["low"] < expected["hr"]["value"] - 0.03


def test_what_is_told_of_several_draws():
    first = draw(["a", "b"], scores("ease", 1, 0, coverage=0.5, novelty=2.0), scores(HYBRID, 1, 1), trees=3)
    second = draw(["b", "c"], scores("ease", 0, 1, coverage=0.7), scores("network", 1, 1), scores(HYBRID, 1, 0))
    found = mean_over_draws([first, second]).figures(**BOOTSTRAP)
    facts = {"draws": 2, "seed": 0, "tested": 3, "held_out": 4, "purchases": 9, "sizes": {}, "trees": 3, "ratings": {}}
    assert facts.items() <= found.items()
    assert [row["model"] for row in found["models"]] == ["ease", HYBRID]
    assert found["models"][0]["lists"] == {"coverage": pytest.approx(0.6)}
    assert found["models"][0]["slices"] == {}


def with_evaluation(config, **values):
    whole = config.model_dump(mode="json")
    whole["evaluation"] |= values
    return Config.parse(whole, where="test")


def comparison_of(tables, config, **evaluation):
    settings = with_evaluation(config, **evaluation)
    return BenchmarkComparison(split(tables, settings), settings)


@pytest.mark.parametrize("kind", ["last", "time", "rolling"])
def test_where_dates_say_what_is_held_out_several_draws_are_refused(tables, config, kind):
    comparison = comparison_of(tables, config, split=kind)
    check_draws(comparison, 1)
    with pytest.raises(ConfigError) as refused:
        check_draws(comparison, 5)
    assert (refused.value.field, refused.value.value) == ("--draws", 5)
    assert "random or customers" in (refused.value.expected or "")


@pytest.mark.parametrize("kind", ["random", "customers"])
def test_what_the_seed_draws_may_be_drawn_several_times_but_not_never(tables, config, kind):
    comparison = comparison_of(tables, config, split=kind)
    check_draws(comparison, 5)
    with pytest.raises(ConfigError) as refused:
        check_draws(comparison, 0)
    assert refused.value.expected == "1 or more"


def test_the_last_product_is_drawn_where_there_are_no_dates(tables_of):
    bought = {"customer_id": [*"xxyy"], "product_id": [*"abab"]}
    tables = tables_of(products={"product_id": [*"ab"], "name": ["Cream", "Gel"]}, transactions=bought)
    check_draws(BenchmarkComparison(split(tables, Config()), Config()), 5)


@pytest.mark.parametrize(("kind", "least", "told"), [("last", 2, None), ("last", 3, 3), ("customers", 3, None)])
def test_the_fewest_products_are_told_where_they_say_who_is_tested(tables, config, kind, least, told):
    assert comparison_of(tables, config, split=kind, minimum_history=least).least == told


SHOP = "name: pocket\nsynthetic: {customers: 250, products: 150, days: 300}\n"


@pytest.fixture(scope="module")
def measured(tmp_path_factory, config):
    """The folder of the figures of two draws and of each alone, and the page with those of both."""
    folder = tmp_path_factory.mktemp("draws")
    values = with_evaluation(config, split="random", minimum_history=3).model_dump(mode="json")
    values["model"] |= {"ranker": {"enabled": False}, "network": {"enabled": False}}
    # Which variants are held out depends on the seed, and so who is tested on something new.
    values["variants"] = {"found_by": "none"}
    (folder / "pocket.yaml").write_text(SHOP)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        alone = []
        for seed in (4, 5):
            benchmark_quality(Path("pocket.yaml"), Config.parse({**values, "seed": seed}, where="test"))
            alone.append(json.loads(Path("var/pocket/benchmarks/quality_random_least3.json").read_text()))
        benchmark_quality(
            Path("pocket.yaml"), Config.parse({**values, "seed": 4}, where="test"), Path("figures"), draws=2
        )
    return folder, alone


def test_draws_are_runs_with_the_seeds_that_follow(measured):
    """Who is tested by a random split does not depend on the seed, so means over draws are means of the runs."""
    folder, alone = measured
    found = json.loads((folder / "var/pocket/benchmarks/quality_random_least3_draws2.json").read_text())
    assert found["tested"] == alone[0]["tested"] == alone[1]["tested"]
    assert found["held_out"] == alone[0]["held_out"] + alone[1]["held_out"]
    for model, *runs in zip(found["models"], *(one["models"] for one in alone), strict=True):
        assert {run["model"] for run in runs} == {model["model"]}
        for metric in ("hr", "ndcg", "map"):
            assert model[metric]["value"] == pytest.approx(np.mean([run[metric]["value"] for run in runs]))
    assert alone[0]["models"][-1]["ndcg"] != alone[1]["models"][-1]["ndcg"]


def test_the_page_says_who_is_tested_and_how_often(measured):
    text = (measured[0] / "figures/quality/figures-of-pocket-split-random-3-products-or-more-2-draws.md").read_text()
    tested = measured[1][0]["tested"]
    assert f"{tested} customers with 3 products or more" in text
    assert "2 draws, seeds 4 to 5" in text
    assert "| hybrid |" in text
    assert "MAP@10" in text
