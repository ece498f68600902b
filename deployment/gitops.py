"""GitOps: a file of a Git working tree names the model to be served; Argo CD or Flux applies it to the cluster."""

from pathlib import Path
from typing import Any

import yaml

from deployment.errors import DeploymentError
from deployment.kserve import API
from infrastructure.files import write_atomically


def write_model(file: Path, service: str, uri: str) -> str | None:
    """Write a Kustomize patch by which the InferenceService ``service`` serves the model at ``uri``.

    Whoever owns the working tree, which must exist, commits and pushes the file.

    Returns:
        Where the model before is from, by the file; None where there was no file.

    Raises:
        DeploymentError: There is no such folder, or the file holds something else than this function writes.
    """
    if not file.parent.is_dir():
        # It is never made: nobody would apply what is written outside of a tree.
        raise DeploymentError("There is no working tree.", where=str(file.parent), expected="a volume of the Job")
    before = _served_model(file, service)
    write_atomically(file, yaml.safe_dump(_patch(service, uri), sort_keys=False).encode())
    return before


def _patch(service: str, uri: str) -> dict[str, Any]:
    spec = {"predictor": {"model": {"storageUri": uri}}}
    return {"apiVersion": API, "kind": "InferenceService", "metadata": {"name": service}, "spec": spec}


def _served_model(file: Path, service: str) -> str | None:
    if not file.is_file():
        return None
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        uri = content["spec"]["predictor"]["model"]["storageUri"]
    except (yaml.YAMLError, KeyError, TypeError):
        uri = content = None
    if content != _patch(service, str(uri)):
        # Somebody else's file, or one with more in it: it is not overwritten.
        raise DeploymentError(
            "The file was not written by a deployment.",
            where=str(file),
            expected=f"a patch of InferenceService {service} with its storageUri only, or no file",
        )
    return uri
