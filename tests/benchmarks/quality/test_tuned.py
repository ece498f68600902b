"""Settings chosen for each draw: what the search is given, what is made of what it finds, and what is told."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.quality import benchmark_quality, tuned
from benchmarks.quality.comparison import HYBRID
from recommender.contract import columns as c
from recommender.tuning import tuned_config
from recommender.tuning.fitted_models import with_model_settings
from settings.config import Config

SHOP = "name: pocket\nsynthetic: {customers: 120, products: 60, days: 150}\n"
GIVEN = {
    "seed": 3,
    "model": {
        "families": {"decay": 0.55, "content": 0.3},
        "ranker": {"enabled": False},
        "network": {"enabled": False},
    },
    "evaluation": {"split": "random", "resamples": 100},
    "tuning": {"trials": 3, "trials_alone": 2, "startup": 1},
}
BESIDE = [tuned.UNTUNED, tuned.EASE_ALONE, tuned.STRONGEST]


def kept(function, calls):
    """``function``, its arguments and what it gives kept in ``calls``."""

    def call(*arguments):
        calls.append((arguments, function(*arguments)))
        return calls[-1][1]

    return call


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two draws: the searches, the measured trials, the files."""
    folder = tmp_path_factory.mktemp("tuned")
    (folder / "pocket.yaml").write_text(SHOP)
    searches, measured = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(tuned, "tune_histories", kept(tuned.tune_histories, searches))
        patch.setattr(tuned, "benchmark_models", kept(tuned.benchmark_models, measured))
        config = Config.parse(GIVEN, where="test")
        page = benchmark_quality(Path("pocket.yaml"), config, Path("figures"), draws=2, tuned=True)
    found = json.loads((folder / "var/pocket/benchmarks/quality_random_draws2_tuned.json").read_text())
    document = (folder / "figures/quality/figures-of-pocket-split-random-2-draws-tuned-for-each-draw.md").read_text()
    return SimpleNamespace(searches=searches, measured=measured, page=page, found=found, document=document)


def pairs(data, histories):
    names = np.array(data.catalogue.product_ids)[histories.products].tolist()
    return {*zip(np.array(data.customer_ids)[histories.owners].tolist(), names, strict=True)}


def test_a_search_is_given_what_its_draw_leaves_to_learn_from_and_no_held_out_pair(run):
    assert len(run.searches) == len(run.measured) == 2
    held_out_of = []
    for ((_, data, _, histories, _), _), ((comparison, *_), _) in zip(run.searches, run.measured, strict=True):
        test = comparison.split.test
        held_out = {*zip(test[c.CUSTOMER_ID], test[c.PRODUCT_ID], strict=True)}
        assert len(held_out) == len(test) > 50
        assert not held_out & (pairs(data, histories) | pairs(data, data.histories))
        assert histories is data.histories
        assert pairs(data, histories) == pairs(comparison.data, comparison.known)
        held_out_of.append(held_out)
    assert held_out_of[0] != held_out_of[1]


def test_each_search_begins_with_the_given_settings_and_its_draws_seed(run):
    configs = [config for ((_, _, config, _, _), _) in run.searches]
    assert configs == [Config.parse({**GIVEN, "seed": seed}, where="test") for seed in (3, 4)]


def test_models_are_measured_with_what_their_draws_search_chose(run):
    for (_, tuning), ((comparison, *_), _) in zip(run.searches, run.measured, strict=True):
        assert comparison.config == tuned_config.tuned_config(tuning)
        assert comparison.config.model != tuning.config.model


def test_single_families_are_measured_with_what_their_own_search_found(run):
    for (_, tuning), ((comparison, beside, _), _) in zip(run.searches, run.measured, strict=True):
        assert [result.name for result in beside] == BESIDE
        for result, family in zip(beside[1:], ("ease", tuning.searches.best_alone), strict=True):
            settings = tuning.config.model.families.model_copy(update=tuning.searches.alone[family].best.choice)
            own = replace(comparison, config=with_model_settings(comparison.config, families=settings))
            (expected,) = own.evaluate_models([family])
            assert result.ranks.tolist() == expected.ranks.tolist()


def test_rows_of_other_models_stand_before_the_hybrid_with_its_lead(run):
    assert [model["model"] for model in run.found["models"][-4:]] == [*BESIDE, HYBRID]
    rows = {model["model"]: model for model in run.found["models"]}
    for name in BESIDE:
        lead = rows[HYBRID]["hr"]["value"] - rows[name]["hr"]["value"]
        assert rows[name]["hybrid_leads_by"]["hr"]["value"] == pytest.approx(lead)


def test_the_table_tells_how_much_was_tried_and_the_lead_in_hit_rate(run):
    assert run.found["tuned"] == {"trials": 3, "trials_alone": 2, "trials_ranker": 0}
    tried = "tried were 3 blends, 2 settings of each family alone\n"
    for text in (run.page, run.document):
        assert tried in text
        assert "| HR@10 | NDCG@10 | lead in HR | lead in NDCG |" in text
        assert f"| {tuned.UNTUNED} |" in text
    assert "`ease untuned` is EASE as published" in run.page.replace("\n", " ")


def test_a_plain_run_has_neither(tmp_path, monkeypatch):
    (tmp_path / "pocket.yaml").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    page = benchmark_quality(Path("pocket.yaml"), Config.parse(GIVEN, where="test"))
    assert "| model | HR@10 | NDCG@10 | lead in NDCG |" in page
    assert "tuned" not in page
    assert (tmp_path / "var/pocket/benchmarks/quality_random.md").is_file()
