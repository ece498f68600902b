"""The monitoring pipeline: what it compiles to, and a round of it for real, with a retraining started over REST."""

import json
import re

import pytest
import yaml
from kfp import components

from components.running.component import IMAGE
from infrastructure.workspace.run_records import record_outcome
from monitoring.decision_log import DecisionLog
from pipelines import compiled
from settings.config import Config
from tests.support.old_champion import shop_with_an_old_champion
from tests.support.run_here import run_here
from tests.support.servers.kubeflow_server import IDS, running_server

SETTINGS = {"monitoring": {"retraining": {"poll_seconds": 0.05}}}


@pytest.fixture(scope="module")
def documents():
    """The pipeline, and what Kubernetes adds to it."""
    return list(yaml.safe_load_all(compiled.MONITORING.read_text()))


def test_the_sdk_loads_it_and_knows_its_parameters():
    loaded = components.load_component_from_file(str(compiled.MONITORING))
    assert set(loaded.component_spec.inputs) == {"source", "config", "workspace", "training"}
    assert loaded.component_spec.inputs["training"].default == {}


def test_it_is_one_step_that_is_never_taken_from_the_cache(documents):
    (task,) = documents[0]["root"]["dag"]["tasks"].values()
    assert task["cachingOptions"] == {}
    assert {part["container"]["image"] for part in documents[0]["deploymentSpec"]["executors"].values()} == {IMAGE}
    assert not re.findall(r"/(?:work|home|root|tmp|usr|opt)/", compiled.MONITORING.read_text())


def test_a_round_outlasts_the_run_that_it_follows_and_its_pod_is_given_a_token(documents):
    (executor,) = documents[1]["platforms"]["kubernetes"]["deploymentSpec"]["executors"].values()
    longest = Config().monitoring.retraining.run_seconds
    assert int(executor["activeDeadlineSeconds"]) > longest
    assert executor["podMetadata"]["labels"]["access-ml-pipeline"] == "true"


def test_what_a_round_shows_in_the_ui_are_pages_figures_and_the_decision(documents):
    outputs = documents[0]["components"]["comp-monitor"]["outputDefinitions"]["artifacts"]
    kinds = {name: one["artifactType"]["schemaTitle"] for name, one in outputs.items()}
    assert kinds == {
        "status": "system.HTML",
        "drift": "system.HTML",
        "figures": "system.Metrics",
        "decision": "system.Artifact",
    }


@pytest.mark.slow
def test_a_round_here_starts_a_run_over_rest_and_tells_what_came_of_it(tmp_path):
    workspace = shop_with_an_old_champion(tmp_path)
    with running_server() as server:

        def steps(run):
            run_id = run["runtime_config"]["parameters"]["run_id"]
            workspace.promote({"version": "v2", "run_id": run_id, "promoted_at": "2026-01-01T00:00:00+00:00"})
            record_outcome(workspace, run_id, "succeeded")

        server.on_end = steps
        said = run_here(
            compiled.MONITORING,
            tmp_path,
            source="name: shop\nsynthetic: {}\n",
            config=Config.parse(SETTINGS, where="test").to_json(),
            workspace=str(workspace.root),
            training={"KFP_ENDPOINT": server.url, **IDS},
        )
        (run,) = server.runs
    assert run["runtime_config"]["parameters"]["source"] == "name: shop\nsynthetic: {}\n"
    (kept,) = DecisionLog(workspace.triggers).records()
    assert (kept["outcome"], kept["kubeflow_run"]) == ("promoted", run["run_id"]), said
    artifacts = {path.name: path for path in (tmp_path / "root").rglob("*") if path.is_file()}
    assert json.loads(artifacts["decision"].read_text())["champion"] == "v2"
    assert "v2" in artifacts["status"].read_text()
    assert "Too few purchases" in artifacts["drift"].read_text()
