"""A cluster that lacks something is told so, with what mends it; the cluster is a table of answers here."""

import json

import pytest

from deployment import doctor
from deployment.doctor import DEFAULT_CLASS, examine
from deployment.errors import DeploymentError
from tests.support.manifests import K8S

OVERLAY = K8S / "overlays" / "local"


def crd(*fields):
    properties = {"spec": {"properties": {field: {} for field in fields}}}
    return {"spec": {"versions": [{"schema": {"openAPIV3Schema": {"properties": properties}}}]}}


def controller(available):
    containers = [{"image": "kserve/kserve-controller:v0.20.0"}]
    return {"spec": {"template": {"spec": {"containers": containers}}}, "status": {"availableReplicas": available}}


def image(name):
    return {"names": [f"docker.io/library/{name}"]}


WHOLE = {
    "version": {"serverVersion": {"gitVersion": "v1.34.4"}},
    "get deployment kserve-controller-manager": controller(1),
    "get crd inferenceservices.serving.kserve.io": crd("predictor", "canary"),
    "api-versions": "v1\napps/v1\nbatch/v1\npolicy/v1\nnetworking.k8s.io/v1\nrbac.authorization.k8s.io/v1\n",
    "get storageclass": {"items": [{"metadata": {"name": "standard", "annotations": {DEFAULT_CLASS: "true"}}}]},
    "auth can-i": "yes",
    "get secret stores": "",
    "get nodes": {
        "items": [
            {
                "status": {
                    "images": [
                        image("beauty-recommender-serving:0.1.0"),
                        image("beauty-recommender-pipeline:0.1.0"),
                        image("postgres:15-bookworm"),
                        image("redis:7-bookworm"),
                        {"names": None},
                    ]
                }
            }
        ]
    },
    "get deployment ml-pipeline": {"kind": "Deployment"},
}


def cluster(**changes):
    """A stand-in for kubectl; an answer of None is an error."""
    answers = {**WHOLE, **changes}

    def run(*arguments):
        asked = " ".join(arguments)
        key = max((key for key in answers if asked.startswith(key)), key=len)
        if answers[key] is None:
            raise DeploymentError(f"no answer to {key}")
        return answers[key] if isinstance(answers[key], str) else json.dumps(answers[key])

    return run


def lacking(run, overlay=OVERLAY):
    return {finding.name: finding for finding in examine(overlay, run) if not finding.ok}


def test_a_cluster_that_has_everything_lacks_nothing():
    assert lacking(cluster()) == {}


@pytest.mark.parametrize(
    ("without", "named"),
    [
        ({"version": None}, "Kubernetes"),
        ({"version": {"clientVersion": {}}}, "Kubernetes"),
        ({"version": {"serverVersion": {"gitVersion": "v1.29.9-gke.100"}}}, "Kubernetes"),
        ({"version": {"serverVersion": {"gitVersion": "something"}}}, "Kubernetes"),
        ({"get deployment kserve-controller-manager": ""}, "KServe"),
        ({"get deployment kserve-controller-manager": controller(0)}, "KServe"),
        ({"get crd inferenceservices.serving.kserve.io": ""}, "InferenceService"),
        ({"get crd inferenceservices.serving.kserve.io": crd("predictor")}, "InferenceService"),
        ({"get storageclass": {"items": []}}, "Default storage class"),
        ({"auth can-i": "no"}, "Permissions"),
        ({"auth can-i": None}, "Permissions"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(without, named):
    found = lacking(cluster(**without))

    assert list(found) == [named]
    assert found[named].required
    assert found[named].remedy
    assert found[named].remedy in str(found[named])
    assert str(found[named]).startswith("MISSING")


@pytest.mark.parametrize(
    ("without", "named"),
    [
        ({"get nodes": {"items": []}}, "Image beauty-recommender-serving:0.1.0"),
        ({"get deployment ml-pipeline": ""}, "Kubeflow Pipelines"),
    ],
)
def test_what_one_can_do_without_is_named_but_not_missing(without, named):
    found = lacking(cluster(**without))

    assert not found[named].required
    assert str(found[named]).startswith("absent")


def test_only_the_kinds_of_storage_that_are_no_default_are_not_enough():
    found = lacking(cluster(**{"get storageclass": {"items": [{"metadata": {"name": "slow"}}]}}))

    assert "slow" in found["Default storage class"].detail


@pytest.mark.parametrize("known", [{}, {"event-log": "cG9zdGdyZXM="}, {"event-log": "eA==", "online-store": "eA=="}])
def test_addresses_of_stores_that_somebody_else_runs_have_to_be_given(known):
    found = lacking(cluster(**{"get secret stores": {"data": known}}), K8S / "overlays" / "production")

    named = {f"Secret stores, {key}" for key in {"event-log", "online-store"} - set(known)}
    assert {name for name in found if name.startswith("Secret")} == named
    assert all("create secret generic stores" in found[name].remedy for name in named)


def test_kinds_that_no_operator_brought_are_named():
    production = K8S / "overlays" / "production"

    assert "monitoring.coreos.com/v1" in lacking(cluster(), production)["Kinds of objects"].detail

    with_operator = f"{WHOLE['api-versions']}monitoring.coreos.com/v1\nmetrics.k8s.io/v1beta1\n"
    assert "Kinds of objects" not in lacking(cluster(**{"api-versions": with_operator}), production)


def test_what_measures_load_is_missed_only_where_pods_follow_their_load():
    found = lacking(cluster(), K8S / "overlays" / "production")

    assert found["Metrics of pods"].required
    assert "Metrics of pods" not in lacking(cluster())


def test_one_permission_that_is_refused_is_named_and_no_other():
    found = lacking(cluster(**{"auth can-i create roles": "no"}))

    assert found["Permissions"].detail == "may not create roles.rbac.authorization.k8s.io"


def test_a_later_version_of_kubernetes_is_new_enough():
    assert lacking(cluster(version={"serverVersion": {"gitVersion": "v2.0.1+k3s1"}})) == {}


def test_the_overlay_is_built_once(monkeypatch):
    built = []
    once = doctor.build_manifests
    monkeypatch.setattr(doctor, "build_manifests", lambda overlay: built.append(overlay) or once(overlay))

    examine(OVERLAY, cluster())

    assert built == [OVERLAY]
