import re
from pathlib import Path

import pytest
import yaml
from kfp import components

from components.running.component import IMAGE
from pipelines import compiled


@pytest.fixture(scope="module")
def spec():
    return next(yaml.safe_load_all(compiled.TRAINING.read_text()))


def test_the_committed_yaml_is_what_the_code_compiles_to(tmp_path, monkeypatch):
    for name in ("TRAINING", "TUNING", "MONITORING"):
        monkeypatch.setattr(compiled, name, tmp_path / f"{name.lower()}.yaml")
    for fresh in compiled.compile_all():
        committed = Path(compiled.__file__).with_name(fresh.name)
        assert fresh.read_text() == committed.read_text(), "run: .venv/bin/python -m beauty compile"


def test_the_sdk_loads_it_and_knows_its_parameters():
    loaded = components.load_component_from_file(str(compiled.TRAINING))
    assert set(loaded.component_spec.inputs) == {"source", "config", "workspace", "run_id", "data_version"}


def test_it_names_no_path_of_the_machine_it_was_compiled_on():
    assert not re.findall(r"/(?:work|home|root|tmp|usr|opt)/", compiled.TRAINING.read_text())


def test_every_step_runs_in_the_one_image_and_installs_nothing(spec):
    for executor in spec["deploymentSpec"]["executors"].values():
        assert executor["container"]["image"] == IMAGE
        assert "pip install" not in str(executor)


def test_a_cluster_pays_for_about_a_dozen_steps(spec):
    assert len(spec["deploymentSpec"]["executors"]) <= 13


def test_only_what_the_gate_lets_through_is_packaged_tested_and_deployed(spec):
    group = next(part["dag"]["tasks"] for name, part in spec["components"].items() if name.startswith("comp-condition"))
    assert set(group) == {"package", "smoke-test", "deploy"}
    assert "smoke-test" in group["deploy"]["dependentTasks"]


def test_the_outcome_is_recorded_whatever_happened(spec):
    last = spec["root"]["dag"]["tasks"]["record-run"]
    assert last["triggerPolicy"]["strategy"] == "ALL_UPSTREAM_TASKS_COMPLETED"
