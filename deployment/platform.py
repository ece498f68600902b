"""Deploys the platform to a cluster and removes it again: the manifests of an overlay, and the first model."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deployment.errors import DeploymentError
from deployment.jobs import create_job, job_from_template, job_name, wait_for_job
from deployment.kserve import RolloutStatus
from deployment.kubectl import PLATFORM, Manifest, apply, get, kubectl
from deployment.manifests import build_manifests, namespace_of
from deployment.stores import SECRET, create_passwords

SERVICE: Final = "recommender"
TRAINING: Final = "training"
ASKING: Final = "asking"
TRAINING_SECONDS: Final = 4 * 3600.0
READY_SECONDS: Final = 600.0
ASKING_SECONDS: Final = 300.0
Log = Callable[[str], None]
"""Is called with each line for whoever waits."""


def deploy(overlay: Path, log: Log) -> None:
    """Apply the overlay, train and deploy the first model where there is none, and ask for a recommendation.

    Applied again, nothing changes.

    Raises:
        DeploymentError: The cluster refuses, the training failed, or the service does not get ready or answer.
    """
    began, manifests = time.monotonic(), build_manifests(overlay)
    namespace = namespace_of(manifests)

    def timed_log(text: str) -> None:
        log(f"{time.monotonic() - began:7.1f} s  {text}")

    _prepare(manifests, namespace, timed_log)
    kubectl("apply", "--server-side", "--field-manager", PLATFORM, "--kustomize", str(overlay))
    timed_log("the manifests are applied")
    _await_stores(manifests, namespace)
    if not _has_model(namespace):
        name = job_name(TRAINING)
        create_job(job_from_template(TRAINING, name, namespace))
        timed_log(f"there is no model yet: job/{name} trains and deploys the first one")
        wait_for_job(name, namespace, TRAINING_SECONDS, timed_log)
    _await_ready(namespace)
    timed_log("the InferenceService is ready")
    name = job_name(ASKING)
    create_job(job_from_template(ASKING, name, namespace))
    timed_log(f"KServe's client was answered: {wait_for_job(name, namespace, ASKING_SECONDS, lambda _: None).strip()}")


def _prepare(manifests: Sequence[Manifest], namespace: str, log: Log) -> None:
    """Create the namespace and its passwords first: pods need them to start."""
    apply(next(manifest for manifest in manifests if manifest["kind"] == "Namespace"))
    names = create_passwords(manifests, namespace)
    if names:
        log(f"Secret {SECRET} has new passwords of {', '.join(names)}")


def _await_stores(manifests: Sequence[Manifest], namespace: str) -> None:
    """Wait for the stores that the overlay brings: the first training needs them.

    Raises:
        DeploymentError: One is not ready in time.
    """
    for name in (manifest["metadata"]["name"] for manifest in manifests if manifest["kind"] == "StatefulSet"):
        own = ("--namespace", namespace, f"--timeout={READY_SECONDS:.0f}s")
        kubectl("rollout", "status", f"statefulset/{name}", *own)


def undeploy(overlay: Path, log: Log) -> None:
    """Delete all that the overlay brought, models and events included."""
    namespace = namespace_of(build_manifests(overlay))
    kubectl("delete", "--ignore-not-found", "--wait", "--timeout", "300s", "--kustomize", str(overlay))
    log(f"namespace {namespace} and everything in it are deleted")


def _has_model(namespace: str) -> bool:
    service = get("inferenceservice", SERVICE, namespace)
    return bool(service and service["spec"]["predictor"]["model"].get("storageUri"))


def _await_ready(namespace: str) -> None:
    until = time.monotonic() + READY_SECONDS
    state: RolloutStatus | None = None
    while time.monotonic() < until:
        deployment = get("deployment", f"{SERVICE}-predictor", namespace)
        state = RolloutStatus.from_deployment(deployment) if deployment else None
        if state and state.complete and _ready(namespace):
            return
        time.sleep(1)
    raise DeploymentError(
        f"The InferenceService was not ready within {READY_SECONDS:.0f} s.",
        where=f"namespace {namespace}",
        expected=f"ready pods; Kubernetes says: {state.message if state else 'there is no Deployment'}",
    )


def _ready(namespace: str) -> bool:
    service = get("inferenceservice", SERVICE, namespace) or {}
    conditions = service.get("status", {}).get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
