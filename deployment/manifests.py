"""The manifests that a Kustomize overlay builds, and what stands in them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from deployment.errors import DeploymentError
from deployment.kubectl import Manifest, kubectl


def build_manifests(overlay: Path) -> list[Manifest]:
    """The objects that the Kustomize overlay builds.

    Raises:
        KubectlError: It does not build.
    """
    return [manifest for manifest in yaml.safe_load_all(kubectl("kustomize", str(overlay))) if manifest]


def namespace_of(manifests: Sequence[Manifest]) -> str:
    """The namespace that an overlay's objects are in.

    Raises:
        DeploymentError: The overlay has no namespace of its own.
    """
    names = [manifest["metadata"]["name"] for manifest in manifests if manifest["kind"] == "Namespace"]
    if len(names) != 1:
        raise DeploymentError("An overlay should define one namespace.", field="kind: Namespace", value=names)
    return names[0]


def container_images(manifests: Sequence[Manifest]) -> list[str]:
    """Every image that a container of the manifests names, ours and others, each once, in order of their names."""
    containers = (
        container
        for mapping in nested_mappings(manifests)
        for container in (*mapping.get("containers", ()), *mapping.get("initContainers", ()))
    )
    return sorted({container["image"] for container in containers if "image" in container})


def nested_mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping at any depth of something read from YAML, ``value`` included; the outer before the inner."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nested_mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nested_mappings(inner)
