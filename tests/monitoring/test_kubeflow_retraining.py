"""A retraining on Kubeflow Pipelines, against a real local server that behaves badly."""

import json
from pathlib import Path

import pytest

from deployment.kubeflow import client
from deployment.kubeflow.client import KubeflowError
from deployment.kubeflow.runs import PipelineRuns, RunTarget
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import record_outcome
from monitoring.retrain import Retraining
from settings.monitoring import RetrainingSettings
from tests.support.servers.kubeflow_server import IDS, RUNS, KubeflowServer, running_server

SETTINGS = RetrainingSettings(run_seconds=20, poll_seconds=0.01, request_seconds=1, patience_seconds=5)
CONFIG = """
monitoring: {retraining: {run_seconds: 20, poll_seconds: 0.01, request_seconds: 1, patience_seconds: 2}}
"""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr("deployment.errors._backoff", lambda _: 0.02)


@pytest.fixture
def server():
    with running_server() as made:
        yield made


@pytest.fixture
def runs(server):
    return PipelineRuns(RunTarget.from_environment({"KFP_ENDPOINT": server.url, **IDS}), SETTINGS)


def test_a_run_names_experiment_and_version_and_is_followed_to_its_end(server, runs):
    ended = runs.follow(runs.start("retraining", {"run_id": "r1"}))
    assert (ended.state, ended.id) == ("SUCCEEDED", server.runs[0]["run_id"])
    assert server.runs[0]["pipeline_version_reference"] == {"pipeline_id": "p1", "pipeline_version_id": "v1"}
    assert server.runs[0]["experiment_id"] == "e1"
    assert server.runs[0]["runtime_config"] == {"parameters": {"run_id": "r1"}}


@pytest.mark.parametrize(
    "faults", [[503, 503], [429], ["garbage"], ["lost"], ["lost", 503], [1.2], [503, "lost"], [502, 1.2]]
)
def test_however_the_start_goes_wrong_there_is_one_run_in_the_end(server, runs, faults):
    server.misbehave("POST", *faults)
    run = runs.start("retraining", {})
    assert [one["run_id"] for one in server.runs] == [run.id]


@pytest.mark.parametrize("faults", [[503, 500], ["garbage"], ["lost"], [1.2], [429]])
def test_a_server_that_is_away_in_the_middle_of_a_run_is_asked_again(server, runs, faults):
    run = runs.start("retraining", {})
    server.misbehave("GET", *faults)
    assert runs.follow(run).state == "SUCCEEDED"


def test_a_server_that_stays_away_is_given_up_and_named(server):
    settings = SETTINGS.model_copy(update={"patience_seconds": 0.3})
    runs = PipelineRuns(RunTarget.from_environment({"KFP_ENDPOINT": server.url, **IDS}), settings)
    server.misbehave("POST", *[503] * 1000)
    with pytest.raises(KubeflowError, match=r"no usable answer for 0\.3 s: status 503") as error:
        runs.start("retraining", {})
    assert server.url in str(error.value)
    assert server.runs == []


def test_nobody_there_is_told_so():
    settings = SETTINGS.model_copy(update={"patience_seconds": 0.1})
    with pytest.raises(KubeflowError, match="KFP_ENDPOINT"):
        PipelineRuns(RunTarget.from_environment({"KFP_ENDPOINT": "http://127.0.0.1:1", **IDS}), settings).start(
            "retraining", {}
        )


def test_a_run_that_does_not_end_is_given_up(server):
    server.states = ["RUNNING"]
    runs = PipelineRuns(
        RunTarget.from_environment({"KFP_ENDPOINT": server.url, **IDS}),
        SETTINGS.model_copy(update={"run_seconds": 0.05}),
    )
    with pytest.raises(KubeflowError, match="did not end within"):
        runs.follow(runs.start("retraining", {}))


def test_without_a_token_that_holds_the_refusal_says_which_is_needed(server, runs):
    server.tokens = {"the-accounts-token"}
    with pytest.raises(KubeflowError) as error:
        runs.start("retraining", {})
    assert "there is no valid user identity" in str(error.value)
    assert "audience pipelines.kubeflow.org" in str(error.value)
    assert server.count("POST") == 1  # it is no use to ask again


def test_a_token_that_the_cluster_renews_is_read_anew(server, tmp_path):
    token = tmp_path / "token"
    token.write_text("first\n")
    runs = PipelineRuns(
        RunTarget.from_environment({"KFP_ENDPOINT": server.url, "KF_PIPELINES_SA_TOKEN_PATH": str(token), **IDS}),
        SETTINGS,
    )
    server.tokens = {"first"}
    run = runs.start("retraining", {})
    server.tokens = {"second"}
    token.write_text("second\n")
    assert runs.follow(run).state == "SUCCEEDED"


@pytest.mark.parametrize("text", ["", "\n", "the accounts\ntoken"])
def test_a_file_without_a_token_is_asked_again_and_named_and_its_text_is_told_to_nobody(server, tmp_path, text):
    token = tmp_path / "token"
    token.write_text(text)
    target = RunTarget.from_environment({"KFP_ENDPOINT": server.url, "KF_PIPELINES_SA_TOKEN_PATH": str(token), **IDS})
    settings = SETTINGS.model_copy(update={"patience_seconds": 0.1})
    with pytest.raises(KubeflowError, match="KF_PIPELINES_SA_TOKEN_PATH names a file without a token") as error:
        PipelineRuns(target, settings).start("retraining", {})
    assert "accounts" not in str(error.value)
    assert server.count("POST") == 0


@pytest.mark.parametrize(
    ("variables", "proxy", "authorization"),
    [
        ({"http_proxy": "http://proxy:8080"}, "http://proxy:8080", None),
        ({"all_proxy": "http://proxy:8080"}, "http://proxy:8080", None),
        ({"http_proxy": "http://u:p%40@proxy:8080"}, "http://u:p%40@proxy:8080", "Basic dTpwQA=="),
        ({"http_proxy": "http://proxy:8080", "no_proxy": "kfp:8888"}, None, None),
    ],
)
def test_the_environments_proxy_is_taken_with_its_password(monkeypatch, variables, proxy, authorization):
    for name in ("http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = client._configuration(client.KubeflowServer("http://kfp:8888"))
    assert found.proxy == proxy
    assert (found.proxy_headers or {}).get("proxy-authorization") == authorization


@pytest.mark.parametrize("variable", ["KF_PIPELINES_SA_TOKEN_PATH", "KFP_CA_FILE"])
def test_a_file_that_is_not_there_is_named_with_its_variable(server, tmp_path, variable):
    where = RunTarget.from_environment({"KFP_ENDPOINT": server.url, variable: str(tmp_path / "none"), **IDS})
    with pytest.raises(KubeflowError, match=variable):
        PipelineRuns(where, SETTINGS).start("retraining", {})


@pytest.mark.parametrize("missing", list(IDS))
def test_an_endpoint_without_what_to_start_there_is_refused(missing):
    with pytest.raises(KubeflowError, match=missing):
        RunTarget.from_environment({"KFP_ENDPOINT": "http://kfp", **IDS, missing: ""})


class Shop:
    """A shop whose retraining runs on the server; what the steps would record, ``on_end`` records."""

    def __init__(self, folder: Path, server: KubeflowServer):
        self.workspace, self.server = Workspace(folder / "var" / "a_shop"), server
        (folder / "shop.yaml").write_text("name: a_shop\nsynthetic: {}\n")
        (folder / "config.yaml").write_text(CONFIG)
        self.retraining = Retraining(folder / "shop.yaml", folder / "config.yaml", self.workspace)

    def retrain(self):
        return self.retraining.retrainer({"KFP_ENDPOINT": self.server.url, **IDS})()

    def decide(self, promote, deployed=True, state="succeeded"):
        """What the run's steps will leave in the workspace."""

        def steps(run):
            run_id = run["runtime_config"]["parameters"]["run_id"]
            folder = self.workspace.run(run_id)
            folder.mkdir(parents=True)
            (folder / "decision.json").write_text(json.dumps({"promote": promote, "reasons": ["because"]}))
            if promote and deployed:
                self.workspace.promote({"version": "v2", "run_id": run_id})
            record_outcome(self.workspace, run_id, state, None if state == "succeeded" else "Column missing.")

        self.server.on_end = steps


@pytest.fixture
def shop(tmp_path, server):
    return Shop(tmp_path, server)


def test_a_promoted_model_is_told_with_its_run(shop, server):
    shop.decide(promote=True)
    outcome, details = shop.retrain()
    assert (outcome, details["champion"], details["gate"]) == ("promoted", "v2", ["because"])
    assert details["kubeflow_run"] == server.runs[0]["run_id"]
    given = server.runs[0]["runtime_config"]["parameters"]
    assert set(given) == {"source", "config", "workspace", "run_id", "data_version"}
    assert given["source"] == "name: a_shop\nsynthetic: {}\n"
    assert given["data_version"] == given["run_id"] == details["run_id"]
    assert server.runs[0]["display_name"].endswith(details["run_id"])


def test_a_refusal_of_the_gate_is_no_failure(shop):
    shop.decide(promote=False)
    outcome, details = shop.retrain()
    assert (outcome, details["gate"]) == ("refused", ["because"])


@pytest.mark.parametrize("state", ["FAILED", "CANCELED", "SKIPPED"])
def test_a_run_that_did_not_succeed_has_failed_and_says_why(shop, server, state):
    server.states = ["RUNNING", state]
    outcome, details = shop.retrain()
    assert outcome == "failed"
    assert state in details["error"]


def test_what_the_failed_step_said_is_told_rather_than_that_it_failed(shop, server):
    server.states = ["RUNNING", "FAILED"]
    shop.decide(promote=False, state="failed")
    assert shop.retrain()[1]["error"] == "Column missing."


def test_a_run_that_succeeded_in_another_workspace_counts_as_failed(shop):
    outcome, details = shop.retrain()
    assert outcome == "failed"
    assert "left no record" in details["error"]


def test_a_server_that_refuses_makes_it_a_failed_retraining(shop, server):
    server.tokens = set()
    outcome, details = shop.retrain()
    assert outcome == "failed"
    assert "refuses" in details["error"]


def test_a_retraining_that_nobody_followed_to_its_end_is_followed_and_no_second_one_started(shop, server):
    shop.decide(promote=True)
    server.states = ["RUNNING"] * 4 + ["SUCCEEDED"]
    left = PipelineRuns(RunTarget.from_environment({"KFP_ENDPOINT": server.url, **IDS}), SETTINGS)
    left.start("retraining.a_shop.r1", {"run_id": "r1"})
    outcome, details = shop.retrain()
    assert (outcome, details["run_id"]) == ("promoted", "r1")
    assert len(server.runs) == 1


def test_another_shops_retraining_is_none_of_ours(shop, server):
    other = PipelineRuns(RunTarget.from_environment({"KFP_ENDPOINT": server.url, **IDS}), SETTINGS)
    other.start("retraining.a-shop.r1", {"run_id": "r1"})
    shop.decide(promote=True)
    shop.retrain()
    assert len(server.runs) == 2


def test_without_an_endpoint_the_pipeline_runs_here(shop):
    assert shop.retraining.retrainer({}) == shop.retraining.run_locally
    assert RUNS not in {asked[1] for asked in shop.server.asked}
