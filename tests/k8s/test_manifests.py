"""Every overlay builds, and what it builds keeps the rules that the cluster would enforce."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

K8S = Path(__file__).parents[2] / "k8s"
BUILDS = ["base", *(f"overlays/{folder.name}" for folder in sorted((K8S / "overlays").iterdir()))]


@pytest.fixture(params=BUILDS, scope="module")
def manifests(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    if shutil.which("kustomize"):
        command = ["kustomize", "build"]
    elif shutil.which("kubectl"):
        command = ["kubectl", "kustomize"]
    else:
        pytest.skip("neither kustomize nor kubectl is installed")
    built = subprocess.run([*command, str(K8S / request.param)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return [manifest for manifest in yaml.safe_load_all(built.stdout) if manifest]


def one(manifests, kind, name=None):
    (found,) = [m for m in manifests if m["kind"] == kind and name in (None, m["metadata"]["name"])]
    return found


def predictor(manifests):
    return one(manifests, "InferenceService")["spec"]["predictor"]


def container(manifests):
    (only,) = predictor(manifests)["containers"]
    return only


def test_everything_lies_in_the_one_namespace_of_the_restricted_level(manifests):
    namespace = one(manifests, "Namespace")

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    others = [m["metadata"]["namespace"] for m in manifests if m["kind"] != "Namespace"]
    assert set(others) == {namespace["metadata"]["name"]}


def test_the_predictor_passes_the_restricted_level(manifests):
    pod, inner = predictor(manifests)["securityContext"], container(manifests)["securityContext"]

    assert pod["runAsNonRoot"] is True
    assert pod["runAsUser"] > 0
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inner["allowPrivilegeEscalation"] is False
    assert inner["readOnlyRootFilesystem"] is True
    assert inner["capabilities"] == {"drop": ["ALL"]}


def test_the_predictor_is_a_custom_one_in_standard_mode(manifests):
    service = one(manifests, "InferenceService")

    assert service["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] == "Standard"
    assert container(manifests)["name"] == "kserve-container"
    assert ":" in container(manifests)["image"], "an image without a tag is another one tomorrow"
    variables = {variable["name"]: variable["value"] for variable in container(manifests)["env"]}
    assert variables["STORAGE_URI"].split("://")[0] in ("s3", "gs", "pvc")
    assert int(variables["PORT"]) == container(manifests)["ports"][0]["containerPort"]


def test_probes_ask_by_http(manifests):
    probes = [container(manifests)[name] for name in ("startupProbe", "readinessProbe", "livenessProbe")]

    assert [probe["httpGet"]["path"] for probe in probes] == ["/v2/health/ready"] * 2 + ["/v2/health/live"]


def test_requests_and_limits_are_set(manifests):
    resources = container(manifests)["resources"]

    assert set(resources["requests"]) == set(resources["limits"]) == {"cpu", "memory"}


def test_what_is_written_goes_to_a_bounded_scratch_volume(manifests):
    (volume,) = predictor(manifests)["volumes"]
    (mount,) = container(manifests)["volumeMounts"]

    assert (mount["name"], mount["mountPath"]) == (volume["name"], "/tmp")
    assert volume["emptyDir"]["sizeLimit"]


def test_the_service_account_has_no_token(manifests):
    account = one(manifests, "ServiceAccount")

    assert account["automountServiceAccountToken"] is False
    assert predictor(manifests)["automountServiceAccountToken"] is False
    assert predictor(manifests)["serviceAccountName"] == account["metadata"]["name"]
    assert not [m for m in manifests if m["kind"].endswith("RoleBinding")]


def test_all_traffic_is_denied_but_what_is_named(manifests):
    deny = one(manifests, "NetworkPolicy", "default-deny")["spec"]
    opening = one(manifests, "NetworkPolicy", "recommender")["spec"]

    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert [port["port"] for rule in opening["ingress"] for port in rule["ports"]] == [3000]


def test_a_disruption_leaves_others_running(manifests):
    budget = one(manifests, "PodDisruptionBudget")["spec"]

    assert budget["maxUnavailable"] == 1
    assert (
        budget["selector"]["matchLabels"]
        == one(manifests, "NetworkPolicy", "recommender")["spec"]["podSelector"]["matchLabels"]
    )


def test_names_that_the_image_and_the_manifests_share(manifests):
    containerfile = (K8S.parent / "serving" / "Containerfile").read_text()

    assert f"USER {predictor(manifests)['securityContext']['runAsUser']}:" in containerfile
    assert "FROM ${PYTHON}" in containerfile
