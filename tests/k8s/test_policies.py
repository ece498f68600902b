"""kube-score's rules for objects that run well: probes, limits, disruption budgets, who runs as what."""

import json
import shutil
import subprocess

import pytest
import yaml

from deployment.platform import SERVICE
from tests.support.manifests import one, pods

CRITICAL = 1
IGNORED = {
    "container-image-pull-policy": "a tag never moves, and nodes without a registry hold their images",
}


@pytest.fixture(scope="module")
def kube_score():
    program = shutil.which("kube-score")
    if program is None:
        pytest.skip("kube-score is not installed: go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0")
    return program


def as_a_deployment(manifests):
    """The predictor as KServe would run it: kube-score knows no InferenceService."""
    predictor = one(manifests, "InferenceService")["spec"]["predictor"]
    labels = {"serving.kserve.io/inferenceservice": SERVICE}
    pod = {"metadata": {"labels": labels}, "spec": pods(manifests)[SERVICE]}
    namespace = one(manifests, "Namespace")["metadata"]["name"]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"{SERVICE}-predictor", "namespace": namespace},
        "spec": {"replicas": predictor["minReplicas"], "selector": {"matchLabels": labels}, "template": pod},
    }


def criticisms(kube_score, manifests):
    """What kube-score calls critical: "object: rule: summary"."""
    command = [kube_score, "score", "--output-format", "json", "-"]
    for rule in IGNORED:
        command += ["--ignore-test", rule]
    text = yaml.safe_dump_all([*manifests, as_a_deployment(manifests)])
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    return {
        f"{found['object_meta']['name']}: {check['check']['id']}: {comment['summary']}"
        for found in json.loads(done.stdout)
        for check in found["checks"]
        if check["grade"] == CRITICAL and not check["skipped"]
        for comment in check["comments"] or [{"summary": ""}]
    }


def test_kube_score_finds_nothing_critical(kube_score, manifests):
    assert criticisms(kube_score, manifests) == set()


def test_kube_score_looks_at_the_predictor_too(kube_score, manifests):
    changed = json.loads(json.dumps(manifests))
    (container,) = one(changed, "ServingRuntime")["spec"]["containers"]
    del container["resources"]["limits"]

    assert any(text.startswith(f"{SERVICE}-predictor: container-resources") for text in criticisms(kube_score, changed))
