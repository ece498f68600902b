"""Jobs made from the cluster's suspended CronJobs, as ``kubectl create job --from`` makes them, with changes."""

import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from deployment.errors import ApiAwayError, DeploymentError
from deployment.kubectl import apply, get, kubectl

CONTAINER: Final = "pipeline"
SOURCES: Final = "sources"
FOLDER: Final = "sources"
"""Where the pod finds the files of the ConfigMap, below its working directory."""
_POLL_SECONDS: Final = 1.0

Job = dict[str, Any]


def from_template(template: str, name: str, namespace: str) -> Job:
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
    """The Job with a data set and parameters of its own, from the ConfigMap that :func:`start` makes for it.

    Args:
        job: As :func:`from_template` made it.
        source: The file that describes the data set.
        config: The one with the parameters.
    """
    job = deepcopy(job)
    pod = job["spec"]["template"]["spec"]
    container = next(one for one in pod["containers"] if one["name"] == CONTAINER)
    container.setdefault("env", []).append({"name": "SOURCE", "value": f"{FOLDER}/{source}"})
    container["command"] = [*container["command"], "--config", f"{FOLDER}/{config}"]
    next(volume for volume in pod["volumes"] if volume["name"] == SOURCES)["configMap"] = {"name": _files_of(job)}
    return job


def with_command(job: Job, command: Sequence[str]) -> Job:
    """The Job with another command for its container."""
    job = deepcopy(job)
    container = next(one for one in job["spec"]["template"]["spec"]["containers"] if one["name"] == CONTAINER)
    container["command"] = list(command)
    return job


def start(job: Job, files: Mapping[str, str] | None = None) -> None:
    """Create the Job, and before it the ConfigMap with its files, if it has any: it goes when the Job goes.

    Args:
        job: As :func:`from_template` or :func:`with_files` made it.
        files: Name and text of each file.
    """
    if files is None:
        apply(job)
        return
    own = job["metadata"]
    metadata = {"name": _files_of(job), "namespace": own["namespace"], "labels": own["labels"]}
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": files}
    apply(config_map)
    apply(job)
    made = get("job", own["name"], own["namespace"])
    if made is not None:
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": own["name"], "uid": made["metadata"]["uid"]}
        apply({**config_map, "metadata": {**metadata, "ownerReferences": [owner]}})


def _files_of(job: Job) -> str:
    return f"{job['metadata']['name']}-{SOURCES}"


def finish(name: str, namespace: str, seconds: float, tell: Callable[[str], None]) -> str:
    """Wait for a Job's end, also while the Kubernetes API is away for some time; everything it printed.

    Args:
        name: Of the Job.
        namespace: Its namespace.
        seconds: How long it may take.
        tell: Takes its lines as they come.

    Raises:
        DeploymentError: It failed, or takes too long.
    """
    until, told = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        state, log = _state(name, namespace), _log(name, namespace)
        lines = log.splitlines()
        for line in lines[told:]:
            tell(line)
        told = max(told, len(lines))
        if state == "Complete":
            return log
        if state == "Failed":
            raise DeploymentError(f"The Job failed; it said last:\n{log[-2000:]}", where=f"job/{name}")
        time.sleep(_POLL_SECONDS)
    raise DeploymentError(f"The Job did not end within {seconds:.0f} s.", where=f"job/{name}")


def _state(name: str, namespace: str) -> str | None:
    """The end that the Job has come to; None before it, and while nobody can say."""
    try:
        job = get("job", name, namespace)
    except ApiAwayError:
        return None
    if job is None:
        raise DeploymentError("The Job is gone.", where=f"job/{name}")
    conditions = job.get("status", {}).get("conditions", [])
    return next((one["type"] for one in conditions if one["status"] == "True" and one["type"] in _ENDS), None)


_ENDS: Final = ("Complete", "Failed")


def _log(name: str, namespace: str) -> str:
    """What the Job's pod printed so far; nothing while there is no pod, or none that has started, or none answers."""
    try:
        return kubectl("logs", f"job/{name}", "--namespace", namespace, "--tail", "-1")
    except DeploymentError:
        return ""
