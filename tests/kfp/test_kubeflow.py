"""A real Kubeflow Pipelines runs the pipelines: by the SDK, by schedule, and by the trigger."""

import os
import time
from datetime import UTC, datetime

import httpx
import kfp
import pytest
from kfp.client.set_volume_credentials import ServiceAccountTokenVolumeCredentials

from deployment.kubeflow.runs import PipelineRuns
from infrastructure.workspace.run_records import new_run_id
from pipelines.compiled import MONITORING, TRAINING, TUNING
from pipelines.submit import Submission

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3 * 3600)]

EVERY_MINUTE = "0 * * * * *"
FIRED_SECONDS = 300
ROUND_SECONDS = 3600


@pytest.fixture(scope="module")
def client(endpoint):
    """The SDK's client, which judges what the code under test did."""
    token = os.environ.get("KF_PIPELINES_SA_TOKEN_PATH")
    credentials = ServiceAccountTokenVolumeCredentials(token) if token else None
    return kfp.Client(host=endpoint, credentials=credentials, ssl_ca_cert=os.environ.get("KFP_CA_FILE"))


@pytest.fixture(scope="module")
def trained(uploads, shop, config):  # noqa: ARG001 - only with a server
    """Id of a run of the training pipeline that was followed to its end."""
    return Submission("training", shop, config, print).run_on_kubeflow()


def test_every_pipeline_is_taken_and_taken_once(uploads):
    for file in (TRAINING, MONITORING, TUNING):
        assert uploads.upload(file) == uploads.upload(file)


def test_a_training_run_is_seen_succeeded(client, trained):
    assert client.get_run(trained).state == "SUCCEEDED"


def test_the_trigger_starts_a_run_and_sees_its_end(uploads, client, shop, config, trained):  # noqa: ARG001
    runs = PipelineRuns(uploads.upload(TRAINING), config.monitoring.retraining)
    run_id = new_run_id()
    name = f"retraining.kfp-test.{run_id}"
    parameters = {
        "source": shop.read_text(),
        "config": config.to_json(),
        "workspace": "var/kfp-test",
        "run_id": run_id,
        "data_version": run_id,
    }
    run = runs.start(name, parameters)
    # What protects from a second run if the answer had got lost, on the real server's filters.
    assert runs._await_named(name).id == run.id
    assert runs.unfinished("retraining.kfp-test.").id == run.id
    assert runs.follow(run).state == "SUCCEEDED"
    assert client.get_run(run.id).display_name == name
    assert runs.unfinished("retraining.kfp-test.") is None


def test_with_a_token_needed_nobody_starts_a_run_without_one(endpoint):
    if not os.environ.get("KF_PIPELINES_SA_TOKEN_PATH"):
        pytest.skip("the server asks for no token: KF_PIPELINES_SA_TOKEN_PATH is not set")
    answer = httpx.post(f"{endpoint}/apis/v2beta1/runs", json={"display_name": "nobody"}, timeout=30)
    assert answer.status_code in (401, 403)


def test_the_schedule_fires_and_its_round_starts_a_training(uploads, client, shop, config, trained):  # noqa: ARG001
    began = datetime.now(UTC)
    submission = Submission("monitoring", shop, config, print)
    recurring = submission.run_on_kubeflow(schedule=EVERY_MINUTE)
    try:
        assert submission.run_on_kubeflow(schedule=EVERY_MINUTE) == recurring
        a_round = wait_for(lambda: fired(client, uploads, recurring), FIRED_SECONDS)
    finally:
        client.delete_recurring_run(recurring)
    ended = wait_for(lambda: ended_run(client, a_round), ROUND_SECONDS)
    assert ended.state == "SUCCEEDED"
    retrainings = [run for run in latest(client, uploads) if run.display_name.startswith("retraining.kfp-test.")]
    assert any(run.created_at > began and run.state == "SUCCEEDED" for run in retrainings)


def latest(client: kfp.Client, uploads):
    found = client.list_runs(experiment_id=uploads.experiment_id, sort_by="created_at desc", page_size=50)
    return found.runs or []


def fired(client, uploads, recurring):
    return next((run.run_id for run in latest(client, uploads) if run.recurring_run_id == recurring), None)


def ended_run(client, run_id):
    run = client.get_run(run_id)
    return run if run.state in ("SUCCEEDED", "FAILED", "CANCELED", "SKIPPED") else None


def wait_for(look, seconds):
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(5)
    return found
