"""How functions become Kubeflow components and pipelines: the image it runs in, and what its pods get on a cluster."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final

from kfp import dsl, kubernetes
from kfp.dsl.base_component import BaseComponent
from kfp.dsl.pipeline_task import PipelineTask

from deployment.environment import INFERENCE_NAMESPACE, INFERENCE_SERVICE, MODEL_FOLDER, MODEL_STORE, POD_NAMESPACE
from deployment.stores import SECRET
from feedback.database import EVENT_LOG
from infrastructure.workspace.online_store import ONLINE_STORE

IMAGE: Final = "beauty-recommender-pipeline:0.1.0"
"""The image that every step of every pipeline runs in."""

CLAIMS: Final = {"workspace": "/app/var", "models": "/app/models"}
"""The volume claims that k8s/ defines, and where a step mounts each."""

SETTINGS: Final = "settings"
"""The ConfigMap that k8s/ defines."""

USER: Final = 10001
RETRIES: Final = 1
HOUR: Final = 3600
ADDRESSES: Final = {"online-store": ONLINE_STORE, "event-log": EVENT_LOG}
"""Addresses of stores: keys of the Secret that the deployment makes, and the variables that they become."""
KEYS: Final = (INFERENCE_SERVICE, INFERENCE_NAMESPACE, MODEL_STORE, MODEL_FOLDER)


@dataclass(frozen=True)
class StepSettings:
    """How a step runs on a cluster.

    Attributes:
        cpu: Its pod's limit, in cores.
        memory: Its pod's limit.
        seconds: Its timeout.
        cached: Whether a run may reuse an earlier run's outputs for the same inputs.
        labels: Of its pod, besides those of every step.
    """

    cpu: str = "1"
    memory: str = "4Gi"
    seconds: int = HOUR
    cached: bool = True
    labels: tuple[tuple[str, str], ...] = ()


FITTING: Final = StepSettings(cpu="4", memory="8Gi", seconds=4 * HOUR)
"""Settings of steps that fit models."""

Component = Callable[..., PipelineTask]


def component(settings: StepSettings = StepSettings()) -> Callable[[Callable[..., object]], Component]:
    """Make a function a component; its body imports what it needs, because KFP ships only its text."""

    def wrap(function: Callable[..., object]) -> Component:
        made = dsl.component(function, base_image=IMAGE, install_kfp_package=False)

        @wraps(function)
        def task(**arguments: object) -> PipelineTask:
            return _configure(made(**arguments), settings)

        return task

    return wrap


def _configure(task: PipelineTask, settings: StepSettings) -> PipelineTask:
    """Set what the step's pod gets on a cluster: volumes, variables, limits, a user that is not root."""
    for claim, path in CLAIMS.items():
        kubernetes.mount_pvc(task, pvc_name=claim, mount_path=path)
    kubernetes.use_config_map_as_env(task, SETTINGS, {key: key for key in KEYS}, optional=True)
    kubernetes.use_secret_as_env(task, SECRET, ADDRESSES, optional=True)
    kubernetes.use_field_path_as_env(task, POD_NAMESPACE, "metadata.namespace")
    kubernetes.set_security_context(task, run_as_user=USER, run_as_group=USER, run_as_non_root=True)
    kubernetes.set_timeout(task, settings.seconds)
    for name, value in (("app.kubernetes.io/component", "pipeline"), *settings.labels):
        kubernetes.add_pod_label(task, name, value)
    task.set_cpu_request("250m").set_cpu_limit(settings.cpu).set_memory_request("1Gi").set_memory_limit(settings.memory)
    return task.set_caching_options(settings.cached).set_retry(RETRIES, backoff_duration="30s")


def pipeline(name: str, description: str) -> Callable[[Callable[..., None]], BaseComponent]:
    """Make a function the pipeline ``name``."""

    def wrap(function: Callable[..., None]) -> BaseComponent:
        made = dsl.pipeline(function, name=name, description=description)
        if not isinstance(made, BaseComponent):
            raise TypeError(f"KFP made no pipeline of {function.__name__}.")
        return made

    return wrap
