"""The REST API of Kubeflow Pipelines, by plain HTTP: the trigger needs no SDK, and no more rights than it uses."""

import json
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from infrastructure.errors import RecommenderError
from settings.monitoring import RetrainingSettings

ENDPOINT: Final = "KFP_ENDPOINT"
EXPERIMENT: Final = "KFP_EXPERIMENT_ID"
PIPELINE: Final = "KFP_PIPELINE_ID"
VERSION: Final = "KFP_PIPELINE_VERSION_ID"
CA_FILE: Final = "KFP_CA_FILE"
#: Names the file of a ServiceAccount's token for the audience pipelines.kubeflow.org, as it does for the SDK.
TOKEN_FILE: Final = "KF_PIPELINES_SA_TOKEN_PATH"  # noqa: S105 (a variable's name)

_BUSY: Final = 429
_SERVER: Final = 500
_LONGEST_PAUSE: Final = 60.0
_CURES: Final = {
    401: f"in {TOKEN_FILE} the file of a ServiceAccount's token for the audience pipelines.kubeflow.org",
    403: "create, get and list on runs.pipelines.kubeflow.org in the experiment's namespace",
    404: f"{EXPERIMENT}, {PIPELINE} and {VERSION} of this server",
}
_backoff = wait_exponential_jitter(initial=0.5, max=_LONGEST_PAUSE, jitter=0.5)

T = TypeVar("T")


class KubeflowError(RecommenderError):
    """Kubeflow Pipelines cannot be reached, or refuses."""


class AwayError(Exception):
    """No usable answer: what was asked may or may not have been done.

    Args:
        said: What there was instead.
        pause: Seconds after which the server wants to be asked again.
    """

    def __init__(self, said: str, pause: float | None = None) -> None:
        super().__init__(said)
        self.pause = pause


@dataclass(frozen=True)
class Kubeflow:
    """Where runs are started, and of what: an existing experiment and pipeline version.

    Attributes:
        endpoint: URL of the API (``KFP_ENDPOINT``).
        experiment_id: ``KFP_EXPERIMENT_ID``.
        pipeline_id: ``KFP_PIPELINE_ID``.
        version_id: ``KFP_PIPELINE_VERSION_ID``.
        token_file: Holds the bearer token (``KF_PIPELINES_SA_TOKEN_PATH``); it is read for every request, because a
            cluster renews it. None in single-user mode, which asks for none.
        ca_file: Certificates to trust (``KFP_CA_FILE``); None for those that are built in.
    """

    endpoint: str
    experiment_id: str
    pipeline_id: str
    version_id: str
    token_file: Path | None = None
    ca_file: Path | None = None

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> Self | None:
        """What the variables name; None where they name no endpoint.

        Raises:
            KubeflowError: There is an endpoint, but not what to start there.
        """
        endpoint = variables.get(ENDPOINT)
        if not endpoint:
            return None
        return cls(
            endpoint,
            experiment_id=_needed(variables, EXPERIMENT),
            pipeline_id=_needed(variables, PIPELINE),
            version_id=_needed(variables, VERSION),
            token_file=_path(variables, TOKEN_FILE),
            ca_file=_path(variables, CA_FILE),
        )


class Api:
    """Requests to one server, each with the token that holds at the time.

    Args:
        where: The server.
        settings: How patient to be.

    Raises:
        KubeflowError: The certificates cannot be read.
    """

    def __init__(self, where: Kubeflow, settings: RetrainingSettings) -> None:
        self._where = where
        self._patience = settings.patience_seconds
        self._client = httpx.Client(base_url=where.endpoint, timeout=settings.request_seconds, verify=_trusted(where))

    def once(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """One request, and the JSON object of its answer.

        Raises:
            AwayError: There is none, or what is wrong is for the server to mend.
            KubeflowError: The server refuses.
        """
        token = self._where.token_file
        headers = {"authorization": f"Bearer {_token(token)}"} if token else {}
        try:
            answer = self._client.request(method, path, headers=headers, **content)
        except httpx.TransportError as error:
            raise AwayError(str(error) or type(error).__name__) from None
        if answer.status_code == _BUSY or answer.status_code >= _SERVER:
            pause = answer.headers.get("retry-after", "")
            raise AwayError(f"status {answer.status_code}", float(pause) if pause.isdigit() else None)
        if not answer.is_success:
            raise KubeflowError(
                f"Kubeflow Pipelines refuses: {_message(answer)}",
                where=f"{method} {answer.url.copy_with(query=None)}",
                value=answer.status_code,
                expected=_CURES.get(answer.status_code),
            )
        return _object(answer)

    def patiently(self, ask: Callable[[], T]) -> T:
        """What ``ask`` returns, asked again while the server is away, busy or answers nonsense.

        Raises:
            KubeflowError: It did not get better for ``settings.patience_seconds``, or the server refuses.
        """
        again = Retrying(
            stop=stop_after_delay(self._patience),
            wait=_wait,
            retry=retry_if_exception_type(AwayError),
            reraise=True,
        )
        try:
            return again(ask)
        except AwayError as error:
            raise KubeflowError(
                f"Kubeflow Pipelines gave no usable answer for {self._patience:g} s: {error}",
                where=self._where.endpoint,
                field=ENDPOINT,
                expected="the address of ml-pipeline, reachable from here",
            ) from None


def by_name(name: str, operation: str = "EQUALS") -> str:
    """The filter of a list for what has, or as ``operation`` may say is like, a display name."""
    return json.dumps({"predicates": [{"operation": operation, "key": "display_name", "string_value": name}]})


def _needed(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise KubeflowError(
            f"{ENDPOINT} is set, so {name} has to be, too.",
            field=name,
            expected="an id; beauty submit --pipeline monitoring --runner kfp finds all of them",
        )
    return value


def _path(variables: Mapping[str, str], name: str) -> Path | None:
    text = variables.get(name)
    return Path(text) if text else None


def _trusted(where: Kubeflow) -> ssl.SSLContext | bool:
    if where.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=where.ca_file)
    except OSError as error:
        problem = f"The certificates cannot be read: {error}."
        raise KubeflowError(problem, where=str(where.ca_file), field=CA_FILE) from None


def _token(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"The token cannot be read: {type(error).__name__}."
        raise KubeflowError(problem, where=str(file), field=TOKEN_FILE) from None


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told = error.pause if isinstance(error, AwayError) else None
    return _backoff(state) if told is None else min(told, _LONGEST_PAUSE)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AwayError(f"an answer that is no JSON object: {answer.text[:80]!r}")
    return found


def _message(answer: httpx.Response) -> str:
    """What the server says of its refusal: JSON with a message, or a proxy's page."""
    try:
        return str(answer.json()["message"])[:500]
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]
