"""Which images an overlay needs: ours, and other people's."""

from collections.abc import Iterator, Sequence
from typing import Any

from deployment.kubectl import Manifest
from deployment.nested import mappings


def images(built: Sequence[Manifest]) -> list[str]:
    """Every image that a container of an overlay's manifests names, each once, in order of their names."""
    return sorted({image for manifest in built for image in _in(manifest)})


def _in(manifest: Any) -> Iterator[str]:
    """What stands as ``image`` of a container anywhere below ``manifest``."""
    for one in mappings(manifest):
        for container in (*one.get("containers", ()), *one.get("initContainers", ())):
            if "image" in container:
                yield container["image"]
