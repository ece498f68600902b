"""From an empty cluster with KServe to a served model, and what happens to it afterwards; in this order."""

import json

import pytest

from deployment.doctor import examine
from deployment.errors import DeploymentError
from deployment.kserve import KServeInferenceService
from deployment.kubectl import PLATFORM, KubectlError
from deployment.platform import deploy
from deployment.rollout import roll_out
from settings.serving import DeploymentSettings
from tests.support.cluster import OVERLAY, eventually

PATIENT = DeploymentSettings(ready_seconds=600)
SHORT = DeploymentSettings(ready_seconds=60)
BREAK = """
import pathlib, shutil
shutil.copytree("models/tiny/SERVED", "models/tiny/broken")
sorted(pathlib.Path("models/tiny/broken/src/bundle").glob("*.json"))[0].write_text("{}")
"""
KINDS = (
    "serviceaccounts,roles,rolebindings,configmaps,services,deployments,cronjobs,persistentvolumeclaims,"
    "poddisruptionbudgets,networkpolicies,servingruntimes,inferenceservices"
)


def service(platform):
    return KServeInferenceService("recommender", platform.namespace)


def generations(platform):
    """What every object that the manifests say is said to be: changes when anything but its status does."""
    items = json.loads(platform.kubectl("get", KINDS, "--output", "json"))["items"]
    ours = [item for item in items if item["metadata"].get("labels", {}).get("app.kubernetes.io/part-of")]
    return {
        (item["kind"], item["metadata"]["name"]): item["metadata"].get(
            "generation", item["metadata"]["resourceVersion"]
        )
        for item in ours
    }


def test_the_training_job_ends_in_a_served_model_and_kserves_client_is_answered(platform):
    version = platform.champion()["version"]

    assert platform.model_uri() == f"pvc://models/tiny/{version}"
    answer = json.loads(platform.said[-1].partition(": ")[2])
    assert answer["model_version"] == version
    assert len(answer["products"]) == 5


def test_the_doctor_misses_nothing_here(platform):  # noqa: ARG001 (it is deployed)
    assert [str(found) for found in examine(OVERLAY) if found.required and not found.ok] == []


def test_applied_again_nothing_changes(platform):
    before = generations(platform)

    deploy(OVERLAY, lambda _: None)

    assert generations(platform) == before


def test_the_manifests_do_not_own_the_model(platform):
    fields = json.loads(
        platform.kubectl("get", "inferenceservice", "recommender", "--show-managed-fields", "--output", "json")
    )["metadata"]["managedFields"]

    owners = {entry["manager"] for entry in fields if "f:storageUri" in json.dumps(entry)}
    assert PLATFORM not in owners
    assert "recommender-deploy" in owners


def test_a_new_model_rolls_out_under_load_without_a_failed_request(platform):
    served = platform.model_uri().rpartition("/")[2]
    platform.inside(f"import shutil; shutil.copytree('models/tiny/{served}', 'models/tiny/second')")

    with platform.load() as found:
        roll_out(service(platform), "pvc://models/tiny/second", platform.ask, PATIENT)

    print(f"rollout of a model under load: {found}")
    assert platform.model_uri().endswith("/second")
    assert found["failed"] == 0, found


def test_a_corrupt_bundle_never_gets_traffic(platform):
    good = platform.model_uri()
    platform.inside(BREAK.replace("SERVED", good.rpartition("/")[2]))

    with platform.load() as found, pytest.raises(DeploymentError, match="were not ready"):
        roll_out(service(platform), "pvc://models/tiny/broken", platform.ask, SHORT)

    print(f"a corrupt bundle under load: {found}")
    assert platform.model_uri() == good
    assert found["failed"] == 0, found


def test_a_model_that_fails_its_trial_is_taken_back(platform):
    good = platform.model_uri()

    def refused(_address):
        raise ValueError("an answer breaks a rule")

    with pytest.raises(ValueError, match="breaks a rule"):
        roll_out(service(platform), f"pvc://models/tiny/{platform.champion()['version']}", refused, PATIENT)

    assert platform.model_uri() == good
    assert "canary" not in platform.get("inferenceservice", "recommender")["spec"]


def test_a_change_of_the_image_rolls_out_under_load_without_a_failed_request(platform):
    """By another variable of the container: what a new image's tag does, where there is only one image."""
    patch = [{"op": "add", "path": "/spec/containers/0/env/-", "value": {"name": "ROLLOUT", "value": "2"}}]

    def generation():
        return platform.get("deployment", "recommender-predictor")["metadata"]["generation"]

    before = generation()
    with platform.load() as found:
        platform.kubectl("patch", "servingruntime", "recommender", "--type", "json", "--patch", json.dumps(patch))
        eventually(lambda: generation() > before)
        platform.kubectl("rollout", "status", "deployment/recommender-predictor", "--timeout=600s")

    print(f"rollout of a runtime under load: {found}")
    variables = platform.kubectl("get", "deployment", "recommender-predictor", "--output", "jsonpath={..env[*].name}")
    assert "ROLLOUT" in variables.split()
    assert found["failed"] == 0, found


@pytest.mark.parametrize(
    ("account", "may"),
    [
        ("recommender", set()),
        ("collector", set()),
        ("redis", set()),
        ("postgres", set()),
        (
            "pipeline",
            {
                "get inferenceservices.serving.kserve.io/recommender",
                "patch inferenceservices.serving.kserve.io/recommender",
                "get deployments.apps/recommender-predictor",
            },
        ),
    ],
)
def test_what_each_service_account_may_do(platform, account, may):
    asked = {
        *(f"{verb} inferenceservices.serving.kserve.io/recommender" for verb in ("get", "patch", "delete", "update")),
        "get inferenceservices.serving.kserve.io/another",
        "create inferenceservices.serving.kserve.io",
        "get deployments.apps/recommender-predictor",
        "patch deployments.apps/recommender-predictor",
        *(
            f"{verb} {kind}"
            for verb in ("get", "list", "create")
            for kind in ("secrets", "pods", "configmaps", "jobs.batch")
        ),
        "create pods/exec",
    }
    user = f"system:serviceaccount:{platform.namespace}:{account}"

    def can(what):
        try:
            return platform.kubectl("auth", "can-i", *what.split(), "--as", user).strip() == "yes"
        except KubectlError:
            return False

    assert {what for what in asked if can(what)} == may


def test_a_pod_that_is_not_restricted_is_refused(platform):
    with pytest.raises(KubectlError, match="violates PodSecurity"):
        platform.kubectl("run", "privileged", "--image", "beauty-recommender-serving:0.1.0", "--privileged")
