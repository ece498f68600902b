"""A new model is tried beside the old one, then takes its place; whatever fails, the old one goes on.

A Kubernetes API that is unavailable for a moment is not a failure: requests are repeated.
"""

import time
from collections.abc import Callable
from typing import Protocol

from deployment.errors import DeploymentError, UnavailableError, with_retries
from deployment.kserve import RolloutStatus
from infrastructure.progress import timed
from settings.serving import DeploymentSettings

#: Asks a running service at an address, as an application would; an exception means that it must not serve.
Trial = Callable[[str], None]


class InferenceService(Protocol):
    """What a rollout needs of an InferenceService: see :class:`deployment.kserve.KServeInferenceService`."""

    def model_uri(self) -> str | None:
        """Where the stable predictor's model is from."""
        ...

    def set_models(self, stable: str | None, candidate: str | None = None) -> None:
        """Set what the stable predictor and a candidate without traffic serve."""
        ...

    def rollout_status(self, candidate: bool = False) -> RolloutStatus | None:
        """How far the rollout is; None while there is no Deployment."""
        ...

    def address(self, candidate: bool = False) -> str:
        """URL of its pods."""
        ...


def roll_out(service: InferenceService, uri: str, trial: Trial, settings: DeploymentSettings) -> str | None:
    """Make the InferenceService serve the model at ``uri``.

    A candidate pod without any traffic serves the new model first and is asked by ``trial``; only then the stable
    predictor takes it, pod by pod. If the candidate fails, the stable pods were never touched; if they do, they are
    given the old model back. The very first model has no old one beside it and is not tried first.

    Returns:
        Where the model before is from; None before the first.

    Raises:
        DeploymentError: The pods did not become ready in time; the old model serves.
        Exception: What ``trial`` raised; the old model serves.
    """

    def set_models(stable: str | None, candidate: str | None = None) -> None:
        # Applying twice is the same as applying once.
        with_retries(lambda: service.set_models(stable, candidate), settings.ready_seconds, settings.poll_seconds)

    before = with_retries(service.model_uri, settings.ready_seconds, settings.poll_seconds)
    try:
        if before not in (None, uri):
            with timed("candidate"):
                set_models(before, uri)
                _wait(service, uri, settings, candidate=True)
                trial(service.address(candidate=True))
        with timed("rollout"):
            set_models(uri)
            _wait(service, uri, settings)
            # Pods of the old model are told to end when the new ones are ready, but answer until every node knows.
            settle, pause = settings.settle_seconds, settings.poll_seconds
            with_retries(lambda: trial(service.address()), settle, pause, on=Exception)
    except BaseException:
        set_models(before)
        raise
    return before


def _wait(service: InferenceService, uri: str, settings: DeploymentSettings, candidate: bool = False) -> None:
    """Wait until every pod serves the model at ``uri``.

    Raises:
        DeploymentError: They do not within the set time.
    """
    until = time.monotonic() + settings.ready_seconds
    status, message = None, "there is no Deployment"
    while time.monotonic() < until:
        try:
            status = service.rollout_status(candidate)
            message = status.message if status else "there is no Deployment"
        except UnavailableError as error:
            status, message = None, error.problem
        if status is not None and status.uri == uri and status.complete:
            return
        time.sleep(settings.poll_seconds)
    raise DeploymentError(
        f"The pods of the new model were not ready within {settings.ready_seconds:.0f} s; the old one serves.",
        where=service.address(candidate),
        value=uri,
        expected=f"ready pods; Kubernetes says: {message}",
    )
