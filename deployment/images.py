"""Which images an overlay needs: ours, and other people's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deployment.kubectl import manifests


def images(overlay: Path) -> list[str]:
    """Every image that a container of the overlay names, each once, in order of their names."""
    return sorted({image for manifest in manifests(overlay) for image in _in(manifest)})


def _in(value: Any) -> Iterator[str]:
    """What stands as ``image`` of a container anywhere below ``value``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("containers", "initContainers"):
                yield from (container["image"] for container in inner if "image" in container)
            yield from _in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in(inner)
