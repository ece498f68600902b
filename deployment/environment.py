"""The environment variables of deploying and of Kubeflow Pipelines: a cluster sets them, a laptop mostly does not."""

from collections.abc import Mapping
from typing import Final

from deployment.errors import DeploymentError
from infrastructure.environment import read_text

INFERENCE_SERVICE: Final = "INFERENCE_SERVICE"
"""Name of the InferenceService that serves models; unset: a champion stays in its workspace."""
INFERENCE_NAMESPACE: Final = "INFERENCE_NAMESPACE"
"""Its namespace; unset: the pod's own."""
POD_NAMESPACE: Final = "POD_NAMESPACE"
"""The pod's own namespace."""
MODEL_STORE: Final = "MODEL_STORE"
"""URI under which the InferenceService finds models, ``pvc://claim[/folder]``."""
MODEL_FOLDER: Final = "MODEL_FOLDER"
"""Folder where that store is mounted here."""
GITOPS_FILE: Final = "GITOPS_FILE"
"""File of a Git working tree that says which model is served; unset: the InferenceService itself is changed."""

KFP_ENDPOINT: Final = "KFP_ENDPOINT"
"""URL of the API of Kubeflow Pipelines; unset: a retraining is a process of its own."""
KFP_EXPERIMENT_ID: Final = "KFP_EXPERIMENT_ID"
"""Experiment that a retraining is a run of."""
KFP_PIPELINE_ID: Final = "KFP_PIPELINE_ID"
"""The pipeline that a retraining runs."""
KFP_PIPELINE_VERSION_ID: Final = "KFP_PIPELINE_VERSION_ID"
"""The version of that pipeline."""
KFP_CA_FILE: Final = "KFP_CA_FILE"
"""File of the certificates to trust; unset: those that the client brings along."""
SSL_CERT_FILE: Final = "SSL_CERT_FILE"
"""The same for every program that uses OpenSSL, where ``KFP_CA_FILE`` is unset."""
KFP_TOKEN_FILE: Final = "KF_PIPELINES_SA_TOKEN_PATH"  # noqa: S105 (a variable's name, the SDK's own)
"""File of a ServiceAccount's token for the audience ``pipelines.kubeflow.org``; unset: requests carry none."""
KFP_NAMESPACE: Final = "KFP_NAMESPACE"
"""In multi-user mode the profile that a submission belongs to."""
KFP_SERVICE_ACCOUNT: Final = "KFP_SERVICE_ACCOUNT"
"""ServiceAccount of a submitted run's steps; unset: the server's default."""
KFP_INSIDE: Final = "KFP_INSIDE"
"""URL of the API from a pod; unset: :data:`KFP_IN_CLUSTER`."""
KFP_IN_CLUSTER: Final = "http://ml-pipeline.kubeflow.svc.cluster.local:8888"


def required(
    variables: Mapping[str, str],
    name: str,
    because: str,
    expected: str = "an environment variable",
    error: type[DeploymentError] = DeploymentError,
) -> str:
    """The variable's value, which has to be set because another one is.

    Raises:
        DeploymentError: It is not set.
    """
    value = read_text(name, variables=variables)
    if not value:
        raise error(f"{because} is set, so {name} has to be set, too.", field=name, expected=expected)
    return value
