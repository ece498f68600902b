"""The prerequisites that a cluster lacks before the platform can be deployed to it, each with its remedy."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deployment.errors import DeploymentError
from deployment.kubectl import Manifest, kubectl
from deployment.manifests import build_manifests, container_images, namespace_of
from deployment.stores import SECRET, missing_keys

KUBERNETES: Final = (1, 30)
"""The oldest version that the manifests were written for."""
KSERVE: Final = "v0.20.0"
"""The version that the manifests are written for: its InferenceServices know ``spec.canary``."""
INSTALL: Final = "k8s/kind/up has the command; make cluster-up makes a whole cluster in Docker"
AUTOSCALER: Final = "serving.kserve.io/autoscalerClass"
METRICS: Final = "metrics.k8s.io/v1beta1"
DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
PERMISSIONS: Final = (
    "create namespaces",
    "create inferenceservices.serving.kserve.io",
    "create servingruntimes.serving.kserve.io",
    "create roles.rbac.authorization.k8s.io",
    "create networkpolicies.networking.k8s.io",
    "create persistentvolumeclaims",
)

#: ``deployment.kubectl.kubectl``, or a stand-in for it.
Kubectl = Callable[..., str]


@dataclass(frozen=True)
class Finding:
    """The state of one prerequisite.

    Attributes:
        name: The prerequisite.
        ok: Whether it is met.
        detail: What was seen.
        remedy: The command or step that meets it, where it is not met.
        required: Whether nothing works without it.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    required: bool = True

    def __str__(self) -> str:
        """One line, and one more with the remedy."""
        mark = "ok" if self.ok else "MISSING" if self.required else "absent"
        remedy = "" if self.ok else f"\n{'':10}{self.remedy}"
        return f"{mark:<10}{self.name}: {self.detail}{remedy}"


def examine(overlay: Path, run: Kubectl = kubectl) -> list[Finding]:
    """Every prerequisite in the order in which they are needed; without an API nothing more can be examined."""
    api = _api(run)
    if not api.ok:
        return [api]
    manifests = build_manifests(overlay)
    general = [api, _kserve(run), _canary(run), *_kinds(manifests, run), _storage(run), _permissions(run)]
    return [*general, *_addresses(manifests, run), *_images(manifests, run), _pipelines(run)]


def _api(run: Kubectl) -> Finding:
    try:
        version = json.loads(run("version", "--output", "json"))["serverVersion"]["gitVersion"]
    except (DeploymentError, KeyError) as error:
        return Finding(
            "Kubernetes", False, str(error).partition("\n")[0], "export KUBECONFIG=…, of a cluster that runs"
        )
    oldest = "{}.{}".format(*KUBERNETES)
    # Distributions write more behind it: v1.31.5-gke.1023000, v1.30.4+k3s1.
    number = re.match(r"v?(\d+)\.(\d+)", version)
    good = number is not None and (int(number[1]), int(number[2])) >= KUBERNETES
    return Finding("Kubernetes", good, version, f"upgrade the cluster to {oldest} or newer")


def _kserve(run: Kubectl) -> Finding:
    found = _json(run, "get", "deployment", "kserve-controller-manager", "--namespace", "kserve")
    if not found:
        return Finding("KServe", False, "no controller in namespace kserve", INSTALL)
    image = found["spec"]["template"]["spec"]["containers"][0]["image"]
    ready = found.get("status", {}).get("availableReplicas", 0) > 0
    remedy = "kubectl --namespace kserve describe deployment kserve-controller-manager"
    return Finding("KServe", ready, f"{image}, {'available' if ready else 'not available'}", remedy)


def _canary(run: Kubectl) -> Finding:
    """Whether a new model can be tried beside the old one; read from the schema, not from an image's name."""
    found = _json(run, "get", "crd", "inferenceservices.serving.kserve.io")
    if not found:
        return Finding("InferenceService", False, "this resource does not exist", INSTALL)
    spec = found["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"].get("spec", {})
    good = "canary" in spec.get("properties", {}) or spec.get("x-kubernetes-preserve-unknown-fields", False)
    detail = "knows spec.canary" if good else "does not know spec.canary, by which a new model is tried without traffic"
    return Finding("InferenceService", good, detail, f"upgrade KServe to {KSERVE}: {INSTALL}")


def _kinds(manifests: Sequence[Manifest], run: Kubectl) -> Iterator[Finding]:
    """Whether the API knows each object's version, KServe's aside, and measures load where pods scale with it."""
    known = set(run("api-versions").split())
    lacking = sorted({manifest["apiVersion"] for manifest in manifests} - known)
    lacking = [version for version in lacking if not version.startswith("serving.kserve.io/")]
    detail = f"unknown: {', '.join(lacking)}" if lacking else "the API knows every kind of object in the overlay"
    remedy = "install the operator that defines it (monitoring.coreos.com: Prometheus), or leave the component out"
    yield Finding("Kinds of objects", not lacking, detail, remedy)
    if any(manifest["metadata"].get("annotations", {}).get(AUTOSCALER) == "hpa" for manifest in manifests):
        detail = "available" if METRICS in known else f"no {METRICS}, so predictors do not scale with their load"
        yield Finding("Metrics of pods", METRICS in known, detail, "install metrics-server, or leave out autoscaling")


def _storage(run: Kubectl) -> Finding:
    classes = _json(run, "get", "storageclass").get("items", [])
    default = [
        one["metadata"]["name"]
        for one in classes
        if one["metadata"].get("annotations", {}).get(DEFAULT_CLASS) == "true"
    ]
    detail = default[0] if default else f"none of {[one['metadata']['name'] for one in classes]} is the default"
    remedy = f'kubectl annotate storageclass NAME {DEFAULT_CLASS}="true"'
    return Finding("Default storage class", bool(default), detail, remedy)


def _permissions(run: Kubectl) -> Finding:
    refused = [what for what in PERMISSIONS if not _may(run, *what.split())]
    detail = f"may not {', '.join(refused)}" if refused else f"may {', '.join(PERMISSIONS)}"
    remedy = "use an account that has them, or ask for: kubectl create clusterrolebinding … --clusterrole=cluster-admin"
    return Finding("Permissions", not refused, detail, remedy)


def _addresses(manifests: Sequence[Manifest], run: Kubectl) -> Iterator[Finding]:
    """Whether the Secret holds the addresses of the stores that the overlay's pods use but the overlay lacks."""
    keys, namespace = sorted(missing_keys(manifests)), namespace_of(manifests)
    known = _json(run, "get", "secret", SECRET, "--namespace", namespace).get("data", {}) if keys else {}
    values = " ".join(f"--from-literal={key}=…" for key in keys)
    create = f"kubectl --namespace {namespace} create secret generic {SECRET} {values}"
    remedy = f"kubectl create namespace {namespace}; {create}"
    for key in keys:
        good = key in known
        yield Finding(f"Secret {SECRET}, {key}", good, "set" if good else f"not in namespace {namespace}", remedy)


def _images(manifests: Sequence[Manifest], run: Kubectl) -> Iterator[Finding]:
    """Whether a node holds each image; any other is pulled, if a registry has it."""
    nodes = _json(run, "get", "nodes").get("items", [])
    # A node also lists images that have lost their names, with null in the place of these.
    held = [image for node in nodes for image in node["status"].get("images") or []]
    there = {name for image in held for name in image.get("names") or []}
    for image in container_images(manifests):
        good = any(name == image or name.endswith(f"/{image}") for name in there)
        detail = "on a node" if good else "on no node, so it has to be pulled"
        remedy = f"make build-images, and: kind load docker-image {image} (or push it to your registry: make mirror)"
        yield Finding(f"Image {image}", good, detail, remedy, required=False)


def _pipelines(run: Kubectl) -> Finding:
    found = _json(run, "get", "deployment", "ml-pipeline", "--namespace", "kubeflow")
    remedy = "nothing to do: every run can be a Job"
    detail = "available" if found else "no ml-pipeline in namespace kubeflow; runs are single Jobs (beauty submit)"
    return Finding("Kubeflow Pipelines", bool(found), detail, remedy, required=False)


def _may(run: Kubectl, verb: str, resource: str) -> bool:
    try:
        return run("auth", "can-i", verb, resource).strip() == "yes"
    except DeploymentError:  # "no" comes with an exit code of its own
        return False


def _json(run: Kubectl, *arguments: str) -> dict[str, Any]:
    """The object; an empty one where there is none, or where it may not be read."""
    try:
        return json.loads(run(*arguments, "--ignore-not-found", "--output", "json") or "{}")
    except DeploymentError:
        return {}
