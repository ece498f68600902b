"""What a cluster lacks before the platform can be deployed to it, each with the command that mends it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deployment.errors import DeploymentError
from deployment.images import images
from deployment.kubectl import Manifest, kubectl, manifests
from deployment.platform import namespace_of
from deployment.stores import SECRET, wanted

KUBERNETES: Final = (1, 30)
"""The oldest version that the manifests were written for."""
KSERVE: Final = "v0.20.0"
"""The version that the manifests are written for: its InferenceServices know ``spec.canary``."""
INSTALL: Final = "k8s/kind/up has the command; make cluster-up makes a whole cluster in Docker"
AUTOSCALER: Final = "serving.kserve.io/autoscalerClass"
METRICS: Final = "metrics.k8s.io/v1beta1"
DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
MAY: Final = (
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
    """What was found of one prerequisite.

    Attributes:
        name: The prerequisite.
        good: Whether it is there.
        says: What was seen.
        mend: The command that mends it, where it is not there.
        needed: Whether nothing works without it.
    """

    name: str
    good: bool
    says: str
    mend: str = ""
    needed: bool = True

    def __str__(self) -> str:
        """One line, and one more with the cure."""
        mark = "ok" if self.good else "MISSING" if self.needed else "absent"
        cure = "" if self.good else f"\n{'':10}{self.mend}"
        return f"{mark:<10}{self.name}: {self.says}{cure}"


def examine(overlay: Path, run: Kubectl = kubectl) -> list[Finding]:
    """Every prerequisite in the order in which they are needed; without an API nothing more can be seen."""
    api = _api(run)
    if not api.good:
        return [api]
    built = manifests(overlay)
    of_all = [api, _kserve(run), _canary(run), *_kinds(built, run), _storage(run), _permissions(run)]
    return [*of_all, *_addresses(built, run), *_images(built, run), _pipelines(run)]


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
    mend = "kubectl --namespace kserve describe deployment kserve-controller-manager"
    return Finding("KServe", ready, f"{image}, {'available' if ready else 'not available'}", mend)


def _canary(run: Kubectl) -> Finding:
    """Whether a new model can be tried beside the old one: by the schema, whatever an image is called."""
    found = _json(run, "get", "crd", "inferenceservices.serving.kserve.io")
    if not found:
        return Finding("InferenceService", False, "there is no such resource", INSTALL)
    spec = found["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"].get("spec", {})
    good = "canary" in spec.get("properties", {}) or spec.get("x-kubernetes-preserve-unknown-fields", False)
    says = "knows spec.canary" if good else "does not know spec.canary, by which a new model is tried without traffic"
    return Finding("InferenceService", good, says, f"upgrade KServe to {KSERVE}: {INSTALL}")


def _kinds(built: Sequence[Manifest], run: Kubectl) -> Iterator[Finding]:
    """Whether the API knows each object's version, KServe's aside, and measures load where pods follow it."""
    known = set(run("api-versions").split())
    lacking = sorted({one["apiVersion"] for one in built} - known)
    lacking = [version for version in lacking if not version.startswith("serving.kserve.io/")]
    says = f"unknown: {', '.join(lacking)}" if lacking else "the API knows all that the overlay makes"
    mend = "install the operator that brings it (monitoring.coreos.com: Prometheus'), or leave the component out"
    yield Finding("Kinds of objects", not lacking, says, mend)
    if any(_scales(one) for one in built):
        says = "there" if METRICS in known else f"no {METRICS}, so the number of predictors does not follow their load"
        yield Finding("Metrics of pods", METRICS in known, says, "install metrics-server, or leave out autoscaling")


def _scales(manifest: Manifest) -> bool:
    return manifest["metadata"].get("annotations", {}).get(AUTOSCALER) == "hpa"


def _storage(run: Kubectl) -> Finding:
    classes = _json(run, "get", "storageclass").get("items", [])
    default = [
        one["metadata"]["name"]
        for one in classes
        if one["metadata"].get("annotations", {}).get(DEFAULT_CLASS) == "true"
    ]
    says = default[0] if default else f"none of {[one['metadata']['name'] for one in classes]} is the default"
    mend = f'kubectl annotate storageclass NAME {DEFAULT_CLASS}="true"'
    return Finding("Default storage class", bool(default), says, mend)


def _permissions(run: Kubectl) -> Finding:
    refused = [what for what in MAY if not _may(run, *what.split())]
    says = f"may not {', '.join(refused)}" if refused else f"may {', '.join(MAY)}"
    mend = "use an account that may, or ask for: kubectl create clusterrolebinding … --clusterrole=cluster-admin"
    return Finding("Permissions", not refused, says, mend)


def _addresses(built: Sequence[Manifest], run: Kubectl) -> Iterator[Finding]:
    """Whether the Secret holds what the overlay's pods need of stores that the overlay does not bring."""
    keys, namespace = sorted(wanted(built)), namespace_of(built)
    known = _json(run, "get", "secret", SECRET, "--namespace", namespace).get("data", {}) if keys else {}
    values = " ".join(f"--from-literal={key}=…" for key in keys)
    create = f"kubectl --namespace {namespace} create secret generic {SECRET} {values}"
    mend = f"kubectl create namespace {namespace}; {create}"
    for key in keys:
        good = key in known
        yield Finding(f"Secret {SECRET}, {key}", good, "there" if good else f"not in namespace {namespace}", mend)


def _images(built: Sequence[Manifest], run: Kubectl) -> Iterator[Finding]:
    """Whether a node holds each image; one that none holds is pulled, if a registry has it."""
    nodes = _json(run, "get", "nodes").get("items", [])
    # A node also lists images that have lost their names, with null in the place of these.
    held = [image for node in nodes for image in node["status"].get("images") or []]
    there = {name for image in held for name in image.get("names") or []}
    for image in images(built):
        good = any(name == image or name.endswith(f"/{image}") for name in there)
        says = "on a node" if good else "on no node, so it has to be pulled"
        mend = f"make build-images, and: kind load docker-image {image} (or push it to your registry: make mirror)"
        yield Finding(f"Image {image}", good, says, mend, needed=False)


def _pipelines(run: Kubectl) -> Finding:
    found = _json(run, "get", "deployment", "ml-pipeline", "--namespace", "kubeflow")
    mend = "nothing to mend: every run can be a Job"
    says = "there" if found else "no ml-pipeline in namespace kubeflow; runs are single Jobs (beauty submit)"
    return Finding("Kubeflow Pipelines", bool(found), says, mend, needed=False)


def _may(run: Kubectl, verb: str, resource: str) -> bool:
    try:
        return run("auth", "can-i", verb, resource).strip() == "yes"
    except DeploymentError:  # "no" comes with an exit code of its own
        return False


def _json(run: Kubectl, *arguments: str) -> dict[str, Any]:
    """The object, or an empty one where there is none or it may not be seen."""
    try:
        return json.loads(run(*arguments, "--ignore-not-found", "--output", "json") or "{}")
    except DeploymentError:
        return {}
