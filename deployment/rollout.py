"""A new model is tried beside the old one, then takes its place; whatever fails, the old one goes on.

A Kubernetes API that is away for a moment is not a failure: what is asked of it is asked again.
"""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from deployment.errors import ApiAwayError, DeploymentError
from deployment.kserve import Rollout
from infrastructure.progress import timed
from settings.deployment import DeploymentSettings

#: Asks a running service at an address, as an application would; an exception means that it must not serve.
Trial = Callable[[str], None]


T = TypeVar("T")


class Service(Protocol):
    """What a rollout needs of an InferenceService: see :class:`deployment.kserve.KServe`."""

    def model_uri(self) -> str | None:
        """Where the stable predictor's model is from."""
        ...

    def apply(self, stable: str | None, candidate: str | None = None) -> None:
        """Say what the stable predictor and a candidate without traffic serve."""
        ...

    def rollout(self, candidate: bool = False) -> Rollout | None:
        """How far the pods are."""
        ...

    def address(self, candidate: bool = False) -> str:
        """Where they answer."""
        ...


def roll_out(service: Service, uri: str, trial: Trial, settings: DeploymentSettings) -> str | None:
    """Make the InferenceService serve the model at ``uri``.

    A candidate pod without any traffic serves the new model first and is asked by ``trial``; only then the stable
    predictor takes it, pod by pod. If the candidate fails, the stable pods were never touched; if they do, they are
    given the old model back. The very first model has no old one beside it, and nobody who could notice.

    Returns:
        Where the model before is from; None before the first.

    Raises:
        DeploymentError: The pods did not become ready in time; the old model serves.
        Exception: What ``trial`` raised; the old model serves.
    """

    def apply(stable: str | None, candidate: str | None = None) -> None:
        _patiently(lambda: service.apply(stable, candidate), settings)

    before = _patiently(service.model_uri, settings)
    try:
        if before not in (None, uri):
            with timed("candidate"):
                apply(before, uri)
                _wait(service, uri, settings, candidate=True)
                trial(service.address(candidate=True))
        with timed("rollout"):
            apply(uri)
            _wait(service, uri, settings)
            _settle(service, trial, settings)
    except BaseException:
        apply(before)
        raise
    return before


def _patiently(ask: Callable[[], T], settings: DeploymentSettings) -> T:
    """What the API answers, which may be away for as long as pods may take; applying twice is applying once."""
    until = time.monotonic() + settings.ready_seconds
    while True:
        try:
            return ask()
        except ApiAwayError:
            if time.monotonic() >= until:
                raise
            time.sleep(settings.poll_seconds)


def _settle(service: Service, trial: Trial, settings: DeploymentSettings) -> None:
    """Until the stable address passes the trial.

    Pods of the old model are told to end when the new ones are ready, but go on answering until every node knows.
    """
    until = time.monotonic() + settings.settle_seconds
    while True:
        try:
            trial(service.address())
        except Exception:
            if time.monotonic() >= until:
                raise
            time.sleep(settings.poll_seconds)
        else:
            return


def _wait(service: Service, uri: str, settings: DeploymentSettings, candidate: bool = False) -> None:
    """Until every pod serves the model at ``uri``.

    Raises:
        DeploymentError: They do not within the set time.
    """
    until = time.monotonic() + settings.ready_seconds
    state, said = None, "there is no Deployment"
    while time.monotonic() < until:
        try:
            state = service.rollout(candidate)
            said = state.message if state else "there is no Deployment"
        except ApiAwayError as error:
            state, said = None, error.problem
        if state is not None and state.uri == uri and state.complete:
            return
        time.sleep(settings.poll_seconds)
    raise DeploymentError(
        f"The pods of the new model were not ready within {settings.ready_seconds:.0f} s; the old one serves.",
        where=service.address(candidate),
        value=uri,
        expected=f"ready pods; Kubernetes says: {said}",
    )
