"""How a function becomes a Kubeflow component: the image it runs in, and what its pods get on a cluster."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from kfp import dsl, kubernetes
from kfp.dsl.pipeline_task import PipelineTask

from deployment import target
from deployment.stores import SECRET
from monitoring.database import EVENT_LOG
from recommender.online_store import ONLINE_STORE

IMAGE: Final = "beauty-recommender-pipeline:0.1.0"
"""The image that every step of every pipeline runs in."""

CLAIMS: Final = {"workspace": "/app/var", "models": "/app/models"}
"""The volume claims that k8s/ makes, and where a step finds each."""

SETTINGS: Final = "settings"
"""The ConfigMap that k8s/ makes."""

USER: Final = 10001
TIMEOUT_SECONDS: Final = 4 * 3600
RETRIES: Final = 1
ADDRESSES: Final = {"online-store": ONLINE_STORE, "event-log": EVENT_LOG}
"""Where stores are, of which some may be files: keys of the Secret that the deployment makes, and their variables."""
KEYS: Final = (target.INFERENCE_SERVICE, target.NAMESPACE, target.MODEL_STORE, target.MODEL_FOLDER)


def component(function: Callable[..., object]) -> Callable[..., PipelineTask]:
    """Make ``function`` a component; its body imports what it needs, because KFP ships only its text."""
    made = dsl.component(function, base_image=IMAGE, install_kfp_package=False)

    @wraps(function)
    def task(**arguments: object) -> PipelineTask:
        return _on_a_cluster(made(**arguments))

    return task


def _on_a_cluster(task: PipelineTask) -> PipelineTask:
    """What the step's pod gets where there are pods: volumes, settings, limits, a user that is not root."""
    for claim, path in CLAIMS.items():
        kubernetes.mount_pvc(task, pvc_name=claim, mount_path=path)
    kubernetes.use_config_map_as_env(task, SETTINGS, {key: key for key in KEYS}, optional=True)
    kubernetes.use_secret_as_env(task, SECRET, ADDRESSES, optional=True)
    kubernetes.use_field_path_as_env(task, target.OWN_NAMESPACE, "metadata.namespace")
    kubernetes.set_security_context(task, run_as_user=USER, run_as_group=USER, run_as_non_root=True)
    kubernetes.set_timeout(task, TIMEOUT_SECONDS)
    kubernetes.add_pod_label(task, "app.kubernetes.io/component", "pipeline")
    task.set_cpu_limit("1").set_memory_limit("4Gi").set_memory_request("1Gi").set_cpu_request("250m")
    return task.set_retry(RETRIES, backoff_duration="30s")
