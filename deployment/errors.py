"""What can go wrong on a cluster, and how a call is repeated while its server is unavailable."""

from collections.abc import Callable
from typing import Final, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_exponential_jitter,
    wait_fixed,
)

from infrastructure.errors import RecommenderError

LONGEST_PAUSE_SECONDS: Final = 60.0
_backoff = wait_exponential_jitter(initial=0.5, max=LONGEST_PAUSE_SECONDS, jitter=0.5)

T = TypeVar("T")


class DeploymentError(RecommenderError):
    """A new model, or the platform itself, could not take its place in the cluster."""


class UnavailableError(DeploymentError):
    """A server gives no usable answer now, as while it restarts: what was asked for may or may not have been done.

    Attributes:
        retry_after: Seconds after which the server wants to be asked again; None if it does not say.
    """

    retry_after: float | None = None


def with_retries(
    call: Callable[[], T], seconds: float, pause: float | None = None, on: type[Exception] = UnavailableError
) -> T:
    """Return what ``call`` returns; while it raises ``on``, call it again.

    Args:
        call: What is tried, once at least.
        seconds: For how long it is tried again; then its last error is raised.
        pause: Seconds between two attempts; without it as many as the server asks for, else more with each attempt.
        on: The error that is worth another attempt.
    """
    attempts = Retrying(
        stop=stop_after_delay(seconds),
        wait=_pause if pause is None else wait_fixed(pause),
        retry=retry_if_exception_type(on),
        reraise=True,
    )
    return attempts(call)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.retry_after if isinstance(error, UnavailableError) else None
    return _backoff(state) if asked_for is None else min(asked_for, LONGEST_PAUSE_SECONDS)
