"""Submitting by the SDK's own client, to a local server that refuses what the generated client does not know."""

import pytest

from deployment.errors import DeploymentError
from deployment.kubeflow.client import KubeflowError
from deployment.kubeflow.submission import PipelineUploads
from pipelines.compiled import MONITORING, TRAINING
from pipelines.submit import Submission
from tests.support.command_line import beauty
from tests.support.servers.kubeflow_server import KubeflowServer

CONFIG = "monitoring: {retraining: {poll_seconds: 0.01}}\n"


@pytest.fixture
def server():
    made = KubeflowServer()
    with made.running():
        yield made


@pytest.fixture
def submit(server, tmp_path):
    (tmp_path / "shop.yaml").write_text("name: shop\nsynthetic: {}\n")
    (tmp_path / "config.yaml").write_text(CONFIG)

    def run(pipeline, **more):
        said = []
        submission = Submission.from_files(pipeline, tmp_path / "shop.yaml", tmp_path / "config.yaml", said.append)
        return submission.run_on_kubeflow({"KFP_ENDPOINT": server.url}, **more), said

    return run


@pytest.mark.parametrize("pipeline", ["training", "tuning"])
def test_a_pipeline_is_uploaded_run_and_followed_to_its_end(server, submit, pipeline):
    run_id, said = submit(pipeline)
    (run,) = server.runs
    assert (run["run_id"], run["state"]) == (run_id, "SUCCEEDED")
    version = server.versions[run["pipeline_version_reference"]["pipeline_version_id"]]
    assert f"name: {pipeline}\n" in version["content"]
    given = run["runtime_config"]["parameters"]
    assert given["source"] == "name: shop\nsynthetic: {}\n"
    assert given["workspace"] == "var/shop"
    assert given["data_version"] == given["run_id"]
    assert "succeeded" in said[-1]


def test_what_is_uploaded_already_is_not_uploaded_again(server, submit):
    submit("training")
    submit("training")
    assert len(server.runs) == 2
    assert len(server.kept["experiments"]) == len(server.kept["pipelines"]) == 1
    versions = [run["pipeline_version_reference"]["pipeline_version_id"] for run in server.runs]
    assert versions[0] == versions[1]


def test_another_content_is_another_version_of_the_same_pipeline(server, tmp_path):
    platform = PipelineUploads({"KFP_ENDPOINT": server.url})
    file = tmp_path / "training.yaml"
    file.write_text(TRAINING.read_text())
    first = platform.upload(file)
    file.write_text(MONITORING.read_text())
    second = platform.upload(file)
    assert first.pipeline_id == second.pipeline_id
    assert first.version_id != second.version_id


@pytest.mark.parametrize("state", ["FAILED", "CANCELED"])
def test_a_run_that_does_not_succeed_is_a_failure(server, submit, state):
    server.states = ["PENDING", state]
    with pytest.raises(DeploymentError, match=state):
        submit("training")


def test_monitoring_gets_one_recurring_run_which_knows_what_to_retrain(server, submit):
    recurring_id, _ = submit("monitoring")
    (recurring,) = server.kept["recurringruns"].values()
    assert recurring["recurring_run_id"] == recurring_id
    assert recurring["trigger"]["cron_schedule"]["cron"] == "0 */15 * * * *"
    assert (recurring["max_concurrency"], recurring["no_catchup"], recurring["mode"]) == (1, True, "ENABLE")
    training = recurring["runtime_config"]["parameters"]["training"]
    assert training["KFP_ENDPOINT"] == "http://ml-pipeline.kubeflow.svc.cluster.local:8888"
    assert training["KFP_EXPERIMENT_ID"] == recurring["experiment_id"]
    version = server.versions[training["KFP_PIPELINE_VERSION_ID"]]
    assert "name: training\n" in version["content"]
    assert version["pipeline_id"] == training["KFP_PIPELINE_ID"]


def test_submitted_again_the_recurring_run_stays_and_changed_it_is_replaced(server, submit):
    first, _ = submit("monitoring")
    assert submit("monitoring")[0] == first
    changed, _ = submit("monitoring", schedule="0 0 * * * *")
    assert changed != first
    assert list(server.kept["recurringruns"]) == [changed]


def test_a_server_that_refuses_is_told_in_a_sentence(server, submit):
    server.misbehave("POST", 400)
    with pytest.raises(KubeflowError, match="out of order"):
        submit("training")


def test_without_an_endpoint_the_command_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.delenv("KFP_ENDPOINT", raising=False)
    (tmp_path / "shop.yaml").write_text("name: shop\nsynthetic: {}\n")
    done = beauty("submit", "--runner", "kfp", "--source", tmp_path / "shop.yaml")
    assert done.exit_code == 1
    assert "port-forward service/ml-pipeline" in done.stderr


def test_a_token_goes_along_with_every_request(server, tmp_path):
    server.tokens = {"a-token"}
    with pytest.raises(KubeflowError, match="no valid user"):
        PipelineUploads({"KFP_ENDPOINT": server.url})
    (tmp_path / "token").write_text("a-token")
    token = {"KF_PIPELINES_SA_TOKEN_PATH": str(tmp_path / "token")}
    assert PipelineUploads({"KFP_ENDPOINT": server.url, **token}).upload(TRAINING).version_id
