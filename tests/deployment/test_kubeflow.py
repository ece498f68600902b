"""What the client of Kubeflow Pipelines asks for, and what it does not."""

import subprocess
import sys

import pytest

from deployment.errors import UnavailableError
from deployment.kubeflow.client import KubeflowClient, KubeflowError, KubeflowServer
from deployment.kubeflow.runs import PipelineRuns, RunTarget
from settings.monitoring import RetrainingSettings
from tests.support.servers.kubeflow_server import IDS, RUNS, running_server

SETTINGS = RetrainingSettings(run_seconds=20, poll_seconds=0.01, request_seconds=1, patience_seconds=5)


@pytest.fixture
def server():
    with running_server() as made:
        yield made


def test_a_run_is_started_and_followed_with_no_more_rights_than_to_create_and_get_runs(server):
    runs = PipelineRuns(RunTarget.from_environment({"KFP_ENDPOINT": server.url, **IDS}), SETTINGS)
    run = runs.follow(runs.start("retraining", {}))
    assert {asked[:2] for asked in server.asked} == {("POST", RUNS), ("GET", f"{RUNS}/{run.id}")}


def test_a_request_is_never_repeated_unseen(server):
    client = KubeflowClient(KubeflowServer(server.url), SETTINGS)
    for fault in (503, "lost", "garbage", 1.2):
        server.misbehave("GET", fault)
        before = len(server.asked)
        with pytest.raises(UnavailableError):
            client.request(client.runs.run_service_list_runs)
        assert len(server.asked) == before + 1


def test_a_refusal_names_the_operation_the_server_and_the_status(server):
    client = KubeflowClient(KubeflowServer(server.url), SETTINGS)
    with pytest.raises(KubeflowError) as error:
        client.request(client.runs.run_service_get_run, run_id="none")
    assert error.value.where == f"run_service_get_run of {server.url}"
    assert (error.value.value, error.value.problem) == (404, "Kubeflow Pipelines refuses: runs none not found")


def test_who_only_decides_whether_to_retrain_imports_no_sdk():
    script = "import sys, monitoring.retrain; print({'kfp', 'kfp_server_api'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
