"""Kubeflow Pipelines as whoever submits sees it: versions, runs and schedules, by the SDK's client."""

import hashlib
import os
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import kfp
import kfp_server_api
from kfp.client.set_volume_credentials import ServiceAccountTokenVolumeCredentials
from urllib3.exceptions import HTTPError

from deployment.kubeflow.rest import (
    CA_FILE,
    ENDPOINT,
    EXPERIMENT,
    PIPELINE,
    TOKEN_FILE,
    VERSION,
    Kubeflow,
    KubeflowError,
    by_name,
)

NAMESPACE: Final = "KFP_NAMESPACE"
ACCOUNT: Final = "KFP_SERVICE_ACCOUNT"
INSIDE: Final = "KFP_INSIDE"
EXPERIMENT_NAME: Final = "beauty-recommender"
IN_CLUSTER: Final = "http://ml-pipeline.kubeflow.svc.cluster.local:8888"
_VERSION_DIGITS: Final = 12


@dataclass(frozen=True)
class Server:
    """Where to submit to.

    Attributes:
        endpoint: URL of the API from here (``KFP_ENDPOINT``).
        namespace: In multi-user mode whose runs they are (``KFP_NAMESPACE``).
        account: ServiceAccount of the steps (``KFP_SERVICE_ACCOUNT``); without it the server's default.
        inside: URL of the same API from a pod (``KFP_INSIDE``).
        token_file: As in :class:`deployment.kubeflow.rest.Kubeflow`.
        ca_file: As there.
    """

    endpoint: str
    namespace: str | None = None
    account: str | None = None
    inside: str = IN_CLUSTER
    token_file: str | None = None
    ca_file: str | None = None

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """What the variables name.

        Raises:
            KubeflowError: They name no endpoint.
        """
        endpoint = variables.get(ENDPOINT)
        if not endpoint:
            raise KubeflowError(
                "Where Kubeflow Pipelines is has to be told.",
                field=ENDPOINT,
                expected="a URL, as of: kubectl --namespace kubeflow port-forward service/ml-pipeline 8888",
            )
        names = (NAMESPACE, ACCOUNT, INSIDE, TOKEN_FILE, CA_FILE)
        namespace, account, inside, token, ca = (variables.get(name) or None for name in names)
        return cls(endpoint, namespace, account, inside or IN_CLUSTER, token, ca)


@dataclass(frozen=True)
class Version:
    """An uploaded version of a pipeline."""

    pipeline_id: str
    version_id: str


class Platform:
    """What a submission asks of the server.

    Args:
        server: Which one.

    Raises:
        KubeflowError: It cannot be reached, or refuses; so do all methods.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        token = server.token_file
        credentials = ServiceAccountTokenVolumeCredentials(token) if token else None
        with _told(server), warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # "only works with version 2"
            self._client: Any = kfp.Client(host=server.endpoint, credentials=credentials, ssl_ca_cert=server.ca_file)
            experiment = self._client.create_experiment(EXPERIMENT_NAME, namespace=server.namespace)
        self.experiment_id: str = experiment.experiment_id

    def upload(self, file: Path) -> Version:
        """The version with this file's content: an uploaded one, or a new one."""
        name = f"{EXPERIMENT_NAME}-{file.stem}"
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:_VERSION_DIGITS]
        with _told(self.server):
            pipeline_id = self._client.get_pipeline_id(name)
            if pipeline_id is None:
                pipeline_id = self._client.upload_pipeline(str(file), pipeline_name=name).pipeline_id
            known = self._client.list_pipeline_versions(pipeline_id, filter=by_name(version)).pipeline_versions
            found = known[0] if known else self._client.upload_pipeline_version(str(file), version, pipeline_id)
        return Version(pipeline_id, found.pipeline_version_id)

    def start(self, version: Version, name: str, parameters: Mapping[str, Any]) -> str:
        """Start a run and return its id."""
        with _told(self.server):
            run = self._client.run_pipeline(
                self.experiment_id,
                name,
                params=dict(parameters),
                pipeline_id=version.pipeline_id,
                version_id=version.version_id,
                service_account=self.server.account,
            )
        return run.run_id

    def schedule(self, version: Version, name: str, cron: str, parameters: Mapping[str, Any]) -> str:
        """See to it that there is one recurring run of this name, as it is asked for; returns its id.

        One that differs is replaced; one that is as it should be stays, also if somebody has disabled it.

        Args:
            version: Of which pipeline.
            name: Its display name.
            cron: Six fields, the first are seconds.
            parameters: Of the pipeline.
        """
        with _told(self.server):
            listed = self._client.list_recurring_runs(
                experiment_id=self.experiment_id, filter=by_name(name), page_size=100
            )
            known = listed.recurring_runs or []
            right = [one for one in known if _is(one, version, cron, parameters)]
            kept = right[0].recurring_run_id if right else self._schedule(version, name, cron, parameters)
            for one in known:
                if one.recurring_run_id != kept:
                    self._client.delete_recurring_run(one.recurring_run_id)
        return kept

    def _schedule(self, version: Version, name: str, cron: str, parameters: Mapping[str, Any]) -> str:
        made = self._client.create_recurring_run(
            self.experiment_id,
            name,
            cron_expression=cron,
            # One round at a time; those that were missed are not made up for.
            max_concurrency=1,
            no_catchup=True,
            params=dict(parameters),
            pipeline_id=version.pipeline_id,
            version_id=version.version_id,
            service_account=self.server.account,
        )
        return made.recurring_run_id

    def place(self, version: Version) -> Kubeflow:
        """Where runs of this version are started and followed over REST."""
        token, ca = self.server.token_file, self.server.ca_file
        return Kubeflow(
            self.server.endpoint,
            self.experiment_id,
            version.pipeline_id,
            version.version_id,
            Path(token) if token else None,
            Path(ca) if ca else None,
        )

    def from_inside(self, version: Version) -> dict[str, str]:
        """The same for a pod, as variables; its token is its own."""
        return {
            ENDPOINT: self.server.inside,
            EXPERIMENT: self.experiment_id,
            PIPELINE: version.pipeline_id,
            VERSION: version.version_id,
        }


def _is(recurring: Any, version: Version, cron: str, parameters: Mapping[str, Any]) -> bool:
    named, schedule = recurring.pipeline_version_reference, recurring.trigger.cron_schedule
    return (
        (named.pipeline_id, named.pipeline_version_id) == (version.pipeline_id, version.version_id)
        and schedule is not None
        and schedule.cron == cron
        and recurring.runtime_config.parameters == dict(parameters)
    )


@contextmanager
def _told(server: Server) -> Generator[None]:
    """What the client raises, told in one sentence."""
    try:
        yield
    except kfp_server_api.ApiException as error:
        problem = f"Kubeflow Pipelines refuses: {str(error.body or error.reason)[:500]}"
        raise KubeflowError(problem, where=server.endpoint, value=error.status) from None
    except (HTTPError, TimeoutError, OSError) as error:
        problem = f"Kubeflow Pipelines cannot be reached: {str(error)[:300]}"
        raise KubeflowError(problem, where=server.endpoint, field=ENDPOINT) from None
