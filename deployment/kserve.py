"""One InferenceService, read and changed through the Kubernetes API.

What is changed here is owned by a field manager of its own (server-side apply), so that applying the manifests
again never takes a deployed model back, and deploying never changes what the manifests say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from kubernetes import config
from kubernetes.client import ApiClient
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from deployment.errors import DeploymentError, UnavailableError

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
class RolloutStatus:
    """How far a Deployment has rolled out.

    Attributes:
        uri: Where the model of its newest pods is from.
        complete: Whether all its pods are newest ones, and ready.
        message: What Kubernetes says of it.
    """

    uri: str | None
    complete: bool
    message: str

    @classmethod
    def from_deployment(cls, deployment: Mapping[str, Any]) -> Self:
        """What ``kubectl rollout status`` looks at."""
        spec, status = deployment["spec"], deployment.get("status", {})
        wanted = spec.get("replicas", 1)
        counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")]
        seen = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
        annotations = spec["template"]["metadata"].get("annotations", {})
        messages = [condition.get("message", "") for condition in status.get("conditions", [])]
        return cls(annotations.get(SOURCE), seen and wanted > 0 and counts == [wanted] * 3, "; ".join(messages))


class KServeInferenceService:
    """The InferenceService ``name`` in ``namespace``; while the API is unavailable all methods raise that.

    Without a client it is reached as the pod's ServiceAccount, or by the present KUBECONFIG.
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
        service = self._call("GET", self._path)
        return service["spec"]["predictor"].get("model", {}).get("storageUri")

    def set_models(self, stable: str | None, candidate: str | None = None) -> None:
        """Set the model that the stable predictor serves, and the one of a candidate beside it, without traffic.

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

    def rollout_status(self, candidate: bool = False) -> RolloutStatus | None:
        """The rollout of the stable predictor, or of the candidate; None while there is no Deployment."""
        path = f"/apis/apps/v1/namespaces/{self._namespace}/deployments/{self._predictor(candidate)}"
        try:
            return RolloutStatus.from_deployment(self._call("GET", path))
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
        apply = body is not None
        try:
            return self._client.call_api(
                path,
                method,
                query_params=[("fieldManager", MANAGER), ("force", "true")] if apply else [],
                header_params={
                    "Accept": "application/json",
                    **({"Content-Type": "application/apply-patch+yaml"} if apply else {}),
                },
                body=body,
                auth_settings=["BearerToken"],
                response_type="object",
                _return_http_data_only=True,
                _request_timeout=30,
            )
        except ApiException as error:
            raise _error_type(error.status)(
                f"The cluster refuses: {error.reason}.", where=path, value=str(error.body)
            ) from None
        except HTTPError as error:  # no connection, or one that broke off
            raise UnavailableError(f"The Kubernetes API cannot be reached: {error}", where=path) from None


class _NotFoundError(DeploymentError):
    """There is no such object."""


def _error_type(status: int | None) -> type[DeploymentError]:
    """The error that an answer of this status stands for."""
    if status == _NOT_FOUND:
        return _NotFoundError
    return UnavailableError if status and (status == _TOO_MANY or status >= _SERVER_FAILED) else DeploymentError


def _client() -> ApiClient:
    try:
        config.load_config()
    except config.ConfigException as error:
        raise DeploymentError(f"No cluster can be reached: {error}", expected="a pod, or a KUBECONFIG") from None
    return ApiClient()
