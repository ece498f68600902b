"""What a submission needs of Kubeflow Pipelines: an experiment, uploaded pipeline versions and a schedule."""

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from deployment import environment as names
from deployment.kubeflow.client import KubeflowClient, KubeflowServer, name_filter
from deployment.kubeflow.runs import RunTarget
from infrastructure.environment import read_text
from settings.monitoring import RetrainingSettings

EXPERIMENT_NAME: Final = "beauty-recommender"
_VERSION_DIGITS: Final = 12


class PipelineUploads:
    """Pipelines of the platform's experiment, which is made where there is none.

    A server that is unavailable is not waited for: whoever submits is there to try again.

    Args:
        variables: Name the server, and in multi-user mode the profile and the steps' ServiceAccount.

    Raises:
        KubeflowError: It cannot be reached, or refuses; so do all methods.
    """

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._server = KubeflowServer.from_environment(variables)
        self._client = KubeflowClient(self._server, RetrainingSettings().model_copy(update={"patience_seconds": 0}))
        self._service_account = read_text(names.KFP_SERVICE_ACCOUNT, variables=variables) or None
        self._inside = read_text(names.KFP_INSIDE, names.KFP_IN_CLUSTER, variables)
        self.experiment_id = self._experiment(read_text(names.KFP_NAMESPACE, variables=variables))

    def upload(self, file: Path) -> RunTarget:
        """Where runs of the version with this file's content are started: an uploaded one, or a new one."""
        pipelines, uploads = self._client.pipelines, self._client.uploads
        name = f"{EXPERIMENT_NAME}-{file.stem}"
        known = self._request(pipelines.pipeline_service_list_pipelines, filter=name_filter(name)).pipelines
        pipeline = known[0] if known else self._request(uploads.upload_pipeline, uploadfile=str(file), name=name)
        own, version = pipeline.pipeline_id, hashlib.sha256(file.read_bytes()).hexdigest()[:_VERSION_DIGITS]
        listing, upload = pipelines.pipeline_service_list_pipeline_versions, uploads.upload_pipeline_version
        known = self._request(listing, pipeline_id=own, filter=name_filter(version)).pipeline_versions
        same = known[0] if known else self._request(upload, uploadfile=str(file), name=version, pipelineid=own)
        return RunTarget(self._server, self.experiment_id, own, same.pipeline_version_id, self._service_account)

    def schedule(self, target: RunTarget, name: str, cron: str, parameters: Mapping[str, Any]) -> str:
        """Make sure that there is one recurring run of this name, as it is asked for; returns its id.

        One that differs is replaced; one that is as it should be stays, also if somebody has disabled it.
        """
        service, experiment_id = self._client.recurring_runs, self.experiment_id
        listing = service.recurring_run_service_list_recurring_runs
        answer = self._request(listing, experiment_id=experiment_id, filter=name_filter(name), page_size=100)
        body = {
            **target.body(name, parameters),
            "trigger": {"cron_schedule": {"cron": cron}},
            # One round at a time; those that were missed are not made up for.
            "max_concurrency": 1,
            "no_catchup": True,
            "mode": "ENABLE",
        }
        known: list[Any] = answer.recurring_runs or []
        current = next((run for run in known if _runs_as(run, body)), None)
        if current is None:
            current = self._request(service.recurring_run_service_create_recurring_run, recurring_run=body)
        current_id: str = current.recurring_run_id
        for other in {run.recurring_run_id for run in known} - {current_id}:
            self._request(service.recurring_run_service_delete_recurring_run, recurring_run_id=other)
        return current_id

    def pod_variables(self, target: RunTarget) -> dict[str, str]:
        """``target`` as environment variables for a pod, which has its own token."""
        return {
            names.KFP_ENDPOINT: self._inside,
            names.KFP_EXPERIMENT_ID: target.experiment_id,
            names.KFP_PIPELINE_ID: target.pipeline_id,
            names.KFP_PIPELINE_VERSION_ID: target.version_id,
        }

    def _experiment(self, namespace: str) -> str:
        service, own = self._client.experiments, {"namespace": namespace} if namespace else {}
        listing, create = service.experiment_service_list_experiments, service.experiment_service_create_experiment
        known = self._request(listing, filter=name_filter(EXPERIMENT_NAME), **own).experiments
        made = known[0] if known else self._request(create, experiment={"display_name": EXPERIMENT_NAME, **own})
        return made.experiment_id

    def _request(self, call: Callable[..., Any], **arguments: Any) -> Any:
        return self._client.with_retries(lambda: self._client.request(call, **arguments))


def _runs_as(recurring: Any, body: Mapping[str, Any]) -> bool:
    """Whether a recurring run that is there runs the same as ``body`` asks for, at the same times."""
    version, schedule = recurring.pipeline_version_reference, recurring.trigger.cron_schedule
    ids = {"pipeline_id": version.pipeline_id, "pipeline_version_id": version.pipeline_version_id}
    return (
        ids == body["pipeline_version_reference"]
        and {"cron_schedule": {"cron": schedule and schedule.cron}} == body["trigger"]
        and {"parameters": recurring.runtime_config.parameters} == body["runtime_config"]
    )
