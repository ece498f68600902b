import json
import re

import pytest
import yaml
from kfp import components

from components.running.component import IMAGE
from pipelines import compiled
from settings.config import Config
from tests.support.run_here import run_here

SETTINGS = {
    "tuning": {"trials": 4, "trials_alone": 1, "trials_ranker": 1},
    "model": {"ranker": {"trees": 10, "minimum_groups": 20}},
    "evaluation": {"resamples": 100},
}


@pytest.fixture(scope="module")
def spec():
    return next(yaml.safe_load_all(compiled.TUNING.read_text()))


def test_the_sdk_loads_it_and_knows_its_parameters():
    loaded = components.load_component_from_file(str(compiled.TUNING))
    assert set(loaded.component_spec.inputs) == {"source", "config", "workspace", "run_id", "shards", "data_version"}


def test_trials_are_fanned_out_over_the_shards_and_put_together(spec):
    tasks = spec["components"]["comp-exit-handler-1"]["dag"]["tasks"]
    (fan_out,) = (name for name, task in tasks.items() if "parameterIterator" in task)
    assert tasks[fan_out]["parameterIterator"]["items"]["inputParameter"].endswith("shards")
    assert fan_out in tasks["conclude-tuning"]["dependentTasks"]


def test_every_step_runs_in_the_one_image_and_names_no_path_of_a_machine(spec):
    assert {part["container"]["image"] for part in spec["deploymentSpec"]["executors"].values()} == {IMAGE}
    assert not re.findall(r"/(?:work|home|root|tmp|usr|opt)/", compiled.TUNING.read_text())


@pytest.mark.slow
def test_shards_run_here_and_the_best_of_them_is_written(tmp_path):
    source = tmp_path / "tiny.yaml"
    source.write_text("name: tiny\nsynthetic: {seed: 0, customers: 200, products: 100, days: 200}\n")
    workspace = tmp_path / "var" / "tiny"
    run_here(
        compiled.TUNING,
        tmp_path,
        source=str(source),
        config=Config.parse(SETTINGS, where="test").to_json(),
        workspace=str(workspace),
        run_id="run",
        shards=[0, 1],
    )
    report = (workspace / "tuning" / "report.md").read_text()
    # Two shards with half of the four trials each.
    assert "## Search: blend\n\n4 trials." in report
    tuned = Config.load(workspace / "tuning" / "tuned.yaml")
    assert tuned.model.families != Config().model.families
    assert json.loads((workspace / "runs" / "run" / "outcome.json").read_text())["state"] == "succeeded"
    assert len(list((workspace / "tuning").glob("trials-*-of-2.db"))) == 2
