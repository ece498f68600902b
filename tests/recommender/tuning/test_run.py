"""The whole of tuning on a small shop."""

from dataclasses import replace

import numpy as np
import pytest

from infrastructure.errors import DataError
from recommender.models.model_data import model_data
from recommender.tuning.fitted_models import OWN
from recommender.tuning.run import conclude, run_search_shard, tune_histories
from recommender.tuning.shards import Shard
from recommender.tuning.tuned_config import tuned_config
from settings.config import Config, configuration
from tests.support.command_line import beauty

SOURCE = "name: tiny\nsynthetic: {seed: 0, customers: 200, products: 100, days: 200}\n"
SETTINGS = {
    "tuning": {"trials": 6, "trials_alone": 1, "trials_ranker": 2, "startup": 2},
    "model": {"ranker": {"trees": 10, "minimum_leaf": 5, "minimum_groups": 20}, "groups": {"minimum": 10}},
    "evaluation": {"resamples": 100},
}


@pytest.fixture
def settings():
    return Config.parse(SETTINGS, where="test")


def test_the_command_writes_parameters_that_a_source_can_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    (tmp_path / "few.yaml").write_text("tuning: {trials_alone: 1, trials_ranker: 0}\nevaluation: {resamples: 100}\n")
    done = beauty("tune", "--source", "tiny.yaml", "--config", "few.yaml", "--trials", "3")
    assert done.exit_code == 0
    written = tmp_path / "var" / "tiny" / "tuning"
    assert str(written.relative_to(tmp_path) / "tuned.yaml") in done.stdout
    assert "3 trials." in (written / "report.md").read_text()
    (tmp_path / "named.yaml").write_text(f"{SOURCE}config: var/tiny/tuning/tuned.yaml\n")
    assert configuration(tmp_path / "named.yaml") == Config.load(written / "tuned.yaml")


def test_a_wrong_number_of_trials_is_told(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SOURCE)
    done = beauty("tune", "--source", tmp_path / "tiny.yaml", "--trials", "0")
    assert done.exit_code == 1
    assert all(said in done.stderr for said in ("--trials", "value: 0", "greater than or equal to 1"))


def test_the_same_data_and_seed_give_the_same_file(tables, settings, tmp_path):
    folders = [tmp_path / "first", tmp_path / "again"]
    for folder in folders:
        shards = [run_search_shard(tables, settings, Shard(), folder)]
        conclude("tiny", tables, settings, shards, folder)
    first, again = ((folder / "tuned.yaml").read_bytes() for folder in folders)
    assert first == again


def test_no_trial_sees_the_held_out_purchases(tables, settings, tmp_path, monkeypatch):
    """With other products held out of the same histories, every trial is worth the same."""
    before = run_search_shard(tables, settings, Shard(), tmp_path / "before")
    data = model_data(tables, settings.seed)
    last = data.histories.is_last
    changed = data.histories.products.copy()
    changed[last] = 0
    other = replace(data, histories=replace(data.histories, products=changed))
    monkeypatch.setattr("recommender.tuning.run.model_data", lambda *_: other)
    after = run_search_shard(tables, settings, Shard(), tmp_path / "after")
    assert [tried.value for tried in before.blend.tried] == [tried.value for tried in after.blend.tried]


def test_trials_see_nothing_but_the_histories_that_are_handed_over(tables, settings, tmp_path):
    data = model_data(tables, settings.seed)
    given = data.histories.without_last()
    other = replace(data, histories=replace(data.histories, products=np.zeros_like(data.histories.products)))
    seen, unseen = (
        tune_histories("tiny", one, settings, given, tmp_path / name) for name, one in [("a", data), ("b", other)]
    )
    assert [tried.value for tried in seen.searches.blend.tried] == [
        tried.value for tried in unseen.searches.blend.tried
    ]
    assert seen.ranker is not None
    assert seen.ranker == unseen.ranker
    assert tuned_config(seen) == tuned_config(unseen)


def test_shards_share_the_families_and_trials_and_draw_differently(tables, settings, tmp_path):
    parts = [run_search_shard(tables, settings, Shard(number, 2), tmp_path) for number in range(2)]
    assert sorted(name for part in parts for name in part.alone) == sorted(OWN)
    assert [len(part.blend.tried) for part in parts] == [3, 3]
    assert parts[0].blend.tried[2].choice != parts[1].blend.tried[2].choice
    parts[0].write(tmp_path / "part.json")
    assert type(parts[0]).read(tmp_path / "part.json") == parts[0]
    conclude("tiny", tables, settings, parts, tmp_path)
    assert "6 trials." in (tmp_path / "report.md").read_text()


def test_who_has_too_few_purchases_is_told_what_is_needed(tables_of, settings, tmp_path):
    tables = tables_of(
        products={"product_id": ["a", "b"], "name": ["A", "B"]},
        ratings={"customer_id": ["x", "x", "y"], "product_id": ["a", "b", "a"], "rating": [5, 4, 3]},
    )
    with pytest.raises(DataError, match="nothing to tune on"):
        run_search_shard(tables, settings, Shard(), tmp_path)
