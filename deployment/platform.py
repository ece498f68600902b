"""The platform into a cluster and out of it: the manifests of an overlay, and the first model."""

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from deployment.errors import DeploymentError
from deployment.jobs import finish, from_template, start
from deployment.kserve import Rollout, rollout_of
from deployment.kubectl import PLATFORM, Manifest, apply, get, kubectl, manifests
from deployment.stores import SECRET, make_passwords

SERVICE: Final = "recommender"
TRAINING: Final = "training"
ASKING: Final = "asking"
TRAINING_SECONDS: Final = 4 * 3600.0
READY_SECONDS: Final = 600.0
ASKING_SECONDS: Final = 300.0
Tell = Callable[[str], None]


def deploy(overlay: Path, tell: Tell) -> None:
    """Apply the overlay, train and deploy the first model where there is none, and ask for a recommendation.

    Applied again, nothing changes.

    Raises:
        DeploymentError: The cluster refuses, the training failed, or the service does not get ready or answer.
    """
    began, built = time.monotonic(), manifests(overlay)
    namespace = namespace_of(built)

    def told(text: str) -> None:
        tell(f"{time.monotonic() - began:7.1f} s  {text}")

    _prepare(built, namespace, told)
    kubectl("apply", "--server-side", "--field-manager", PLATFORM, "--kustomize", str(overlay))
    told("the manifests are applied")
    _await_stores(built, namespace)
    if not _has_model(namespace):
        name = job_name(TRAINING)
        start(from_template(TRAINING, name, namespace))
        told(f"there is no model yet: job/{name} trains and deploys the first one")
        finish(name, namespace, TRAINING_SECONDS, told)
    _await_ready(namespace)
    told("the InferenceService is ready")
    name = job_name(ASKING)
    start(from_template(ASKING, name, namespace))
    told(f"KServe's client was answered: {finish(name, namespace, ASKING_SECONDS, lambda _: None).strip()}")


def _prepare(built: Sequence[Manifest], namespace: str, tell: Tell) -> None:
    """The namespace and the passwords in it come first: pods start with them, or wait for them."""
    apply(next(one for one in built if one["kind"] == "Namespace"))
    made = make_passwords(built, namespace)
    if made:
        tell(f"Secret {SECRET} has new passwords of {', '.join(made)}")


def _await_stores(built: Sequence[Manifest], namespace: str) -> None:
    """Until the stores that the overlay brings answer: the first training needs them.

    Raises:
        DeploymentError: One is not ready in time.
    """
    for name in (one["metadata"]["name"] for one in built if one["kind"] == "StatefulSet"):
        own = ("--namespace", namespace, f"--timeout={READY_SECONDS:.0f}s")
        kubectl("rollout", "status", f"statefulset/{name}", *own)


def undeploy(overlay: Path, tell: Tell) -> None:
    """Delete all that the overlay brought, models and events included."""
    namespace = namespace_of(manifests(overlay))
    kubectl("delete", "--ignore-not-found", "--wait", "--timeout", "300s", "--kustomize", str(overlay))
    tell(f"namespace {namespace} and all that was in it are deleted")


def namespace_of(built: Sequence[Manifest]) -> str:
    """The namespace that an overlay's objects are in.

    Raises:
        DeploymentError: The overlay has no namespace of its own.
    """
    names = [one["metadata"]["name"] for one in built if one["kind"] == "Namespace"]
    if len(names) != 1:
        raise DeploymentError("An overlay should bring one namespace.", field="kind: Namespace", value=names)
    return names[0]


def job_name(template: str) -> str:
    """A name for a new Job: what it is, when it was started, and something that no other has."""
    return f"{template}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _has_model(namespace: str) -> bool:
    service = get("inferenceservice", SERVICE, namespace)
    return bool(service and service["spec"]["predictor"]["model"].get("storageUri"))


def _await_ready(namespace: str) -> None:
    until = time.monotonic() + READY_SECONDS
    state: Rollout | None = None
    while time.monotonic() < until:
        deployment = get("deployment", f"{SERVICE}-predictor", namespace)
        state = rollout_of(deployment) if deployment else None
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
