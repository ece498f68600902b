"""One InferenceService, read and changed through the Kubernetes API.

What is changed here is owned by a field manager of its own (server-side apply), so that applying the manifests
again never takes a deployed model back, and deploying never changes what the manifests say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kubernetes import config
from kubernetes.client import ApiClient
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from deployment.errors import ApiAwayError, DeploymentError

MANAGER: Final = "recommender-deploy"
API: Final = "serving.kserve.io/v1beta1"
FORMAT: Final = "bento"
CANDIDATE: Final = "candidate"
#: On every predictor's pods KServe notes where their model is from.
SOURCE: Final = "internal.serving.kserve.io/storage-initializer-sourceuri"
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429
_SERVER_FAILED: Final = 500


@dataclass(frozen=True)
class Rollout:
    """How far the pods of one Deployment are.

    Attributes:
        uri: Where the model of its newest pods is from.
        complete: Whether all its pods are newest ones, and ready.
        message: What Kubernetes says of it.
    """

    uri: str | None
    complete: bool
    message: str


class KServe:
    """The InferenceService ``name`` in ``namespace``; while the API is away everything raises ``ApiAwayError``.

    Args:
        name: Its name.
        namespace: Its namespace.
        client: Access to the API; without it that of the pod's ServiceAccount, or of the present KUBECONFIG.
    """

    def __init__(self, name: str, namespace: str, client: ApiClient | None = None) -> None:
        self._name = name
        self._namespace = namespace
        self._client = client or _client()

    def model_uri(self) -> str | None:
        """Where the stable predictor's model is from; None before the first.

        Raises:
            DeploymentError: There is no such InferenceService, or it may not be read.
        """
        found = self._call("GET", self._path)
        return found["spec"]["predictor"].get("model", {}).get("storageUri")

    def apply(self, stable: str | None, candidate: str | None = None) -> None:
        """Say which model the stable predictor serves, and which one a candidate beside it, without traffic.

        Raises:
            DeploymentError: The API refuses.
        """
        spec: dict[str, Any] = {"predictor": {"model": {"storageUri": stable}}} if stable else {}
        if candidate:
            model = {"modelFormat": {"name": FORMAT}, "storageUri": candidate}
            trial = {"name": CANDIDATE, "minReplicas": 1, "model": model}
            spec["canary"] = [{"trafficPercent": 0, "predictor": trial}]
        body = {"apiVersion": API, "kind": "InferenceService", "metadata": {"name": self._name}, "spec": spec}
        self._call("PATCH", self._path, body)

    def rollout(self, candidate: bool = False) -> Rollout | None:
        """How far the pods of the stable predictor, or of the candidate, are; None while there is no Deployment."""
        path = f"/apis/apps/v1/namespaces/{self._namespace}/deployments/{self._predictor(candidate)}"
        try:
            return rollout_of(self._call("GET", path))
        except _NotFoundError:
            return None

    def address(self, candidate: bool = False) -> str:
        """The URL under which pods of the cluster reach the stable predictor, or the candidate."""
        return f"http://{self._predictor(candidate)}.{self._namespace}.svc.cluster.local"

    @property
    def _path(self) -> str:
        return f"/apis/{API}/namespaces/{self._namespace}/inferenceservices/{self._name}"

    def _predictor(self, candidate: bool) -> str:
        return f"{self._name}-{CANDIDATE}-predictor" if candidate else f"{self._name}-predictor"

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        applied = body is not None
        try:
            return self._client.call_api(
                path,
                method,
                query_params=[("fieldManager", MANAGER), ("force", "true")] if applied else [],
                header_params={
                    "Accept": "application/json",
                    **({"Content-Type": "application/apply-patch+yaml"} if applied else {}),
                },
                body=body,
                auth_settings=["BearerToken"],
                response_type="object",
                _return_http_data_only=True,
                _request_timeout=30,
            )
        except ApiException as error:
            raise _kind(error.status)(
                f"The cluster refuses: {error.reason}.", where=path, value=str(error.body)
            ) from None
        except HTTPError as error:  # no connection, or one that broke off
            raise ApiAwayError(f"The Kubernetes API cannot be reached: {error}", where=path) from None


class _NotFoundError(DeploymentError):
    """There is no such object."""


def _kind(status: int | None) -> type[DeploymentError]:
    """What an answer of this status means."""
    if status == _NOT_FOUND:
        return _NotFoundError
    return ApiAwayError if status and (status == _TOO_MANY or status >= _SERVER_FAILED) else DeploymentError


def _client() -> ApiClient:
    try:
        config.load_config()
    except config.ConfigException as error:
        raise DeploymentError(f"No cluster can be reached: {error}", expected="a pod, or a KUBECONFIG") from None
    return ApiClient()


def rollout_of(deployment: Mapping[str, Any]) -> Rollout:
    """What ``kubectl rollout status`` looks at."""
    spec, status = deployment["spec"], deployment.get("status", {})
    wanted = spec.get("replicas", 1)
    counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")]
    seen = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    annotations = spec["template"]["metadata"].get("annotations", {})
    said = [condition.get("message", "") for condition in status.get("conditions", [])]
    return Rollout(annotations.get(SOURCE), seen and wanted > 0 and counts == [wanted] * 3, "; ".join(said))
