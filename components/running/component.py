"""How a function becomes a Kubeflow component: the image it runs in, and what its pods get on a cluster."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final

from kfp import dsl, kubernetes
from kfp.dsl.pipeline_task import PipelineTask

from deployment import target
from deployment.stores import SECRET
from feedback.database import EVENT_LOG
from infrastructure.workspace.online_store import ONLINE_STORE

IMAGE: Final = "beauty-recommender-pipeline:0.1.0"
"""The image that every step of every pipeline runs in."""

CLAIMS: Final = {"workspace": "/app/var", "models": "/app/models"}
"""The volume claims that k8s/ makes, and where a step finds each."""

SETTINGS: Final = "settings"
"""The ConfigMap that k8s/ makes."""

USER: Final = 10001
RETRIES: Final = 1
HOUR: Final = 3600
ADDRESSES: Final = {"online-store": ONLINE_STORE, "event-log": EVENT_LOG}
"""Where stores are, of which some may be files: keys of the Secret that the deployment makes, and their variables."""
KEYS: Final = (target.INFERENCE_SERVICE, target.NAMESPACE, target.MODEL_STORE, target.MODEL_FOLDER)


@dataclass(frozen=True)
class Needs:
    """What a step's pod may take.

    Attributes:
        cpu: Cores, at most.
        memory: At most.
        seconds: After which it is ended.
        cached: Whether a run may take an earlier run's outputs for the same inputs.
        labels: Of its pod, besides those of every step.
    """

    cpu: str = "1"
    memory: str = "4Gi"
    seconds: int = HOUR
    cached: bool = True
    labels: tuple[tuple[str, str], ...] = ()


FITTING: Final = Needs(cpu="4", memory="8Gi", seconds=4 * HOUR)
"""Of steps that fit models."""

Component = Callable[..., PipelineTask]


def component(function: Callable[..., object]) -> Component:
    """Make ``function`` a component; its body imports what it needs, because KFP ships only its text."""
    return component_with(Needs())(function)


def component_with(needs: Needs) -> Callable[[Callable[..., object]], Component]:
    """Make a function a component whose pod may take more, or something else, than most."""

    def wrap(function: Callable[..., object]) -> Component:
        made = dsl.component(function, base_image=IMAGE, install_kfp_package=False)

        @wraps(function)
        def task(**arguments: object) -> PipelineTask:
            return _on_a_cluster(made(**arguments), needs)

        return task

    return wrap


def _on_a_cluster(task: PipelineTask, needs: Needs) -> PipelineTask:
    """What the step's pod gets where there are pods: volumes, settings, limits, a user that is not root."""
    for claim, path in CLAIMS.items():
        kubernetes.mount_pvc(task, pvc_name=claim, mount_path=path)
    kubernetes.use_config_map_as_env(task, SETTINGS, {key: key for key in KEYS}, optional=True)
    kubernetes.use_secret_as_env(task, SECRET, ADDRESSES, optional=True)
    kubernetes.use_field_path_as_env(task, target.OWN_NAMESPACE, "metadata.namespace")
    kubernetes.set_security_context(task, run_as_user=USER, run_as_group=USER, run_as_non_root=True)
    kubernetes.set_timeout(task, needs.seconds)
    for name, value in (("app.kubernetes.io/component", "pipeline"), *needs.labels):
        kubernetes.add_pod_label(task, name, value)
    task.set_cpu_request("250m").set_cpu_limit(needs.cpu).set_memory_request("1Gi").set_memory_limit(needs.memory)
    return task.set_caching_options(needs.cached).set_retry(RETRIES, backoff_duration="30s")
