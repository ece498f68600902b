"""Jobs made from the cluster's suspended CronJobs, as ``kubectl create job --from`` makes them, with changes."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Final

from deployment.errors import DeploymentError, UnavailableError
from deployment.kubectl import apply, get, kubectl

CONTAINER: Final = "pipeline"
SOURCES: Final = "sources"
FOLDER: Final = "sources"
"""Where the pod finds the files of the ConfigMap, below its working directory."""
_POLL_SECONDS: Final = 1.0
_ENDS: Final = ("Complete", "Failed")

Job = dict[str, Any]


def job_name(template: str) -> str:
    """A unique name for a new Job, with its template and the time."""
    return f"{template}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def job_from_template(template: str, name: str, namespace: str) -> Job:
    """A Job as the CronJob ``template`` would start it.

    Raises:
        DeploymentError: There is no such CronJob.
    """
    cron = get("cronjob", template, namespace)
    if cron is None:
        raise DeploymentError(
            "The platform is not deployed.",
            where=f"namespace {namespace}",
            field=f"CronJob {template}",
            expected="beauty deploy --overlay local",
        )
    made = cron["spec"]["jobTemplate"]
    labels = {**made.get("metadata", {}).get("labels", {}), "app.kubernetes.io/name": template}
    metadata = {"name": name, "namespace": namespace, "labels": labels}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": made["spec"]}


def with_files(job: Job, source: str, config: str) -> Job:
    """The Job with these files as data set and parameters, from the ConfigMap that :func:`create_job` makes for it."""
    job = deepcopy(job)
    pod = job["spec"]["template"]["spec"]
    container = next(one for one in pod["containers"] if one["name"] == CONTAINER)
    container.setdefault("env", []).append({"name": "SOURCE", "value": f"{FOLDER}/{source}"})
    container["command"] = [*container["command"], "--config", f"{FOLDER}/{config}"]
    next(volume for volume in pod["volumes"] if volume["name"] == SOURCES)["configMap"] = {
        "name": _config_map_name(job)
    }
    return job


def with_command(job: Job, command: Sequence[str]) -> Job:
    """The Job with another command for its container."""
    job = deepcopy(job)
    container = next(one for one in job["spec"]["template"]["spec"]["containers"] if one["name"] == CONTAINER)
    container["command"] = list(command)
    return job


def create_job(job: Job, files: Mapping[str, str] | None = None) -> None:
    """Create the Job, and before it the ConfigMap with its files (text by name), which is deleted with the Job."""
    if files is None:
        apply(job)
        return
    own = job["metadata"]
    metadata = {"name": _config_map_name(job), "namespace": own["namespace"], "labels": own["labels"]}
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": files}
    apply(config_map)
    apply(job)
    made = get("job", own["name"], own["namespace"])
    if made is not None:
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": own["name"], "uid": made["metadata"]["uid"]}
        apply({**config_map, "metadata": {**metadata, "ownerReferences": [owner]}})


def _config_map_name(job: Job) -> str:
    return f"{job['metadata']['name']}-{SOURCES}"


def wait_for_job(name: str, namespace: str, seconds: float, on_line: Callable[[str], None]) -> str:
    """Wait until a Job ends, also while the Kubernetes API is unavailable; returns everything that it printed.

    ``on_line`` is called with each line as it comes.

    Raises:
        DeploymentError: It failed, or takes too long.
    """
    until, seen = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        state, log = _state(name, namespace), _log(name, namespace)
        lines = log.splitlines()
        for line in lines[seen:]:
            on_line(line)
        seen = max(seen, len(lines))
        if state == "Complete":
            return log
        if state == "Failed":
            raise DeploymentError(f"The Job failed; its last output:\n{log[-2000:]}", where=f"job/{name}")
        time.sleep(_POLL_SECONDS)
    raise DeploymentError(f"The Job did not end within {seconds:.0f} s.", where=f"job/{name}")


def _state(name: str, namespace: str) -> str | None:
    """How the Job ended; None before that, and while the API is unavailable."""
    try:
        job = get("job", name, namespace)
    except UnavailableError:
        return None
    if job is None:
        raise DeploymentError("The Job is gone.", where=f"job/{name}")
    conditions = job.get("status", {}).get("conditions", [])
    return next((one["type"] for one in conditions if one["status"] == "True" and one["type"] in _ENDS), None)


def _log(name: str, namespace: str) -> str:
    """What the Job's pod has printed so far; nothing while no pod has started, or the API is unavailable."""
    try:
        return kubectl("logs", f"job/{name}", "--namespace", namespace, "--tail", "-1")
    except DeploymentError:
        return ""
