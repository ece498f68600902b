"""GitOps: which model is to be served, said in a Git working tree; Argo CD or Flux brings the cluster to it."""

from pathlib import Path
from typing import Any

import yaml

from deployment.errors import DeploymentError
from deployment.kserve import API
from infrastructure.files import write_atomically


def write_model(file: Path, service: str, uri: str) -> str | None:
    """Make the file say that the InferenceService serves the model at ``uri``: a Kustomize patch of it.

    Args:
        file: In a working tree that is there; whoever owns the tree commits and pushes it.
        service: Name of the InferenceService.
        uri: Where the model is.

    Returns:
        Where the model before is from, as the file said; None where there was no file.

    Raises:
        DeploymentError: There is no such folder, or the file says something else than this function writes.
    """
    if not file.parent.is_dir():
        # It is never made: what is written outside of a tree nobody would apply.
        raise DeploymentError("There is no working tree.", where=str(file.parent), expected="a volume of the Job")
    before = _said(file, service)
    write_atomically(file, yaml.safe_dump(_patch(service, uri), sort_keys=False).encode())
    return before


def _patch(service: str, uri: str) -> dict[str, Any]:
    spec = {"predictor": {"model": {"storageUri": uri}}}
    return {"apiVersion": API, "kind": "InferenceService", "metadata": {"name": service}, "spec": spec}


def _said(file: Path, service: str) -> str | None:
    if not file.is_file():
        return None
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
        uri = found["spec"]["predictor"]["model"]["storageUri"]
    except (yaml.YAMLError, KeyError, TypeError):
        uri = found = None
    if found != _patch(service, str(uri)):
        # Somebody else's file, or one with more in it: it is not overwritten.
        raise DeploymentError(
            "The file is none that a deployment wrote.",
            where=str(file),
            expected=f"a patch of InferenceService {service} that says its storageUri, or no file",
        )
    return uri
