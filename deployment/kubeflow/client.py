"""Calls of a Kubeflow Pipelines server, by the SDK's generated services.

They are used without ``kfp.Client``, which asks for more than the trigger has a right to when it starts.
"""

import json
import os
import ssl
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import Retry, make_headers
from urllib3.exceptions import HTTPError

from deployment import environment as names
from deployment.errors import DeploymentError, UnavailableError, with_retries
from infrastructure.environment import read_path, read_text
from settings.monitoring import RetrainingSettings

_BUSY: Final = 429
_SERVER_FAILED: Final = 500
_CURES: Final = {
    401: f"in {names.KFP_TOKEN_FILE} the file of a ServiceAccount's token for the audience pipelines.kubeflow.org",
    403: "create, get and list on runs.pipelines.kubeflow.org in the experiment's namespace",
    404: f"{names.KFP_EXPERIMENT_ID}, {names.KFP_PIPELINE_ID} and {names.KFP_PIPELINE_VERSION_ID} of this server",
}

T = TypeVar("T")


class KubeflowError(DeploymentError):
    """Kubeflow Pipelines cannot be reached, or refuses."""


@dataclass(frozen=True)
class KubeflowServer:
    """A server and how to reach it: see ``KFP_ENDPOINT``, ``KFP_TOKEN_FILE`` and ``KFP_CA_FILE`` of the environment."""

    endpoint: str
    token_file: Path | None = None
    ca_file: Path | None = None

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """The server that the variables name.

        Raises:
            KubeflowError: They name no endpoint.
        """
        endpoint = read_text(names.KFP_ENDPOINT, variables=variables)
        if not endpoint:
            raise KubeflowError(
                "The address of Kubeflow Pipelines is not set.",
                field=names.KFP_ENDPOINT,
                expected="a URL, as of: kubectl --namespace kubeflow port-forward service/ml-pipeline 8888",
            )
        return cls(endpoint, read_path(names.KFP_TOKEN_FILE, variables), read_path(names.KFP_CA_FILE, variables))


class KubeflowClient:
    """The services of one server.

    Raises:
        KubeflowError: The certificates cannot be read.
    """

    def __init__(self, server: KubeflowServer, settings: RetrainingSettings) -> None:
        import kfp_server_api as sdk

        self._endpoint = server.endpoint
        self._settings = settings
        self._transport: Any = sdk.ApiClient(_configuration(server))
        self.runs: Any = sdk.RunServiceApi(self._transport)
        self.recurring_runs: Any = sdk.RecurringRunServiceApi(self._transport)
        self.experiments: Any = sdk.ExperimentServiceApi(self._transport)
        self.pipelines: Any = sdk.PipelineServiceApi(self._transport)
        self.uploads: Any = sdk.PipelineUploadServiceApi(self._transport)

    def request(self, call: Callable[..., Any], **arguments: Any) -> Any:
        """The answer to one request, which is a method of a service with its arguments.

        Raises:
            UnavailableError: There is no usable answer: the server is away, busy or fails.
            KubeflowError: The server refuses.
        """
        from kfp_server_api import ApiException

        seconds = self._settings.request_seconds
        try:
            # A single float as timeout is ignored there, and what is no JSON becomes an object without any value.
            answer = call(**arguments, _request_timeout=(seconds, seconds))
            if not isinstance(json.loads(self._transport.last_response.data), dict):
                raise ValueError("not an object")
        except ApiException as error:
            raise self._error(error, call.__name__) from None
        except HTTPError as error:
            raise UnavailableError(str(getattr(error, "reason", None) or error)) from None
        except ValueError as error:
            raise UnavailableError(f"an answer that is no JSON object ({error})") from None
        return answer

    def with_retries(self, attempt: Callable[[], T]) -> T:
        """What ``attempt`` returns; its requests are repeated while the server is unavailable.

        Raises:
            KubeflowError: It is so for longer than ``settings.patience_seconds``, or the server refuses.
        """
        seconds = self._settings.patience_seconds
        try:
            return with_retries(attempt, seconds)
        except UnavailableError as error:
            raise KubeflowError(
                f"Kubeflow Pipelines gave no usable answer{f' for {seconds:g} s' if seconds else ''}: {error.problem}",
                where=self._endpoint,
                field=names.KFP_ENDPOINT,
                expected="the address of ml-pipeline, reachable from here",
            ) from None

    def _error(self, error: Any, operation: str) -> DeploymentError:
        status: int = error.status or 0
        if status and status != _BUSY and status < _SERVER_FAILED:
            problem = f"Kubeflow Pipelines refuses: {_message(error.body)}"
            where = f"{operation} of {self._endpoint}"
            return KubeflowError(problem, where=where, value=status, expected=_CURES.get(status))
        unavailable = UnavailableError(f"status {status}" if status else error.reason)
        pause = (error.headers or {}).get("retry-after", "")
        unavailable.retry_after = float(pause) if pause.isdigit() else None
        return unavailable


def name_filter(name: str, operation: str = "EQUALS") -> str:
    """The filter of a list for objects whose display name equals ``name``, or compares by another operation."""
    return json.dumps({"predicates": [{"operation": operation, "key": "display_name", "string_value": name}]})


def _configuration(server: KubeflowServer) -> Any:
    from kfp_server_api import Configuration

    configuration: Any = Configuration(host=server.endpoint.rstrip("/"))
    configuration.retries = Retry(0, redirect=False)  # what is repeated unseen might start two runs
    _set_proxy(configuration, urlsplit(server.endpoint))
    # The second is OpenSSL's own; the SDK would take the certificates of a package instead.
    if ca_file := server.ca_file or read_path(names.SSL_CERT_FILE):
        with _readable("certificates", ca_file, names.KFP_CA_FILE if server.ca_file else names.SSL_CERT_FILE):
            ssl.create_default_context(cafile=ca_file)
        configuration.ssl_ca_cert = str(ca_file)
    if (token_file := server.token_file) is not None:

        def read_token(configuration: Any) -> None:
            with _readable("token", token_file, names.KFP_TOKEN_FILE):
                token = token_file.read_text(encoding="utf-8").strip()
            if len(token.split()) != 1:  # while it is renewed, for instance; its text is told to nobody
                raise UnavailableError(f"{names.KFP_TOKEN_FILE} names a file without a token: {token_file}")
            configuration.api_key["authorization"] = token

        configuration.api_key = {"authorization": ""}
        configuration.api_key_prefix = {"authorization": "Bearer"}
        configuration.refresh_api_key_hook = read_token  # before every request: a cluster renews its tokens
    return configuration


def _set_proxy(configuration: Any, address: SplitResult) -> None:
    """Take the proxy that the environment names for ``address``, with its user and password."""
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if proxy is None or proxy_bypass(address.netloc):
        return
    configuration.proxy = proxy
    named = urlsplit(proxy)
    if named.username:
        credentials = f"{unquote(named.username)}:{unquote(named.password or '')}"
        configuration.proxy_headers = make_headers(proxy_basic_auth=credentials)


@contextmanager
def _readable(content: str, file: Path, variable: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        problem = f"The {content} cannot be read: {type(error).__name__}."
        raise KubeflowError(problem, where=str(file), field=variable) from None


def _message(body: str | None) -> str:
    """What the server says of its refusal: JSON with a message, or a proxy's page."""
    try:
        return str(json.loads(body or "")["message"])[:500]
    except (ValueError, KeyError, TypeError):
        return (body or "")[:200]
