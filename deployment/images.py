"""Which images an overlay needs: ours, and other people's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deployment.kubectl import manifests
from deployment.nested import mappings


def images(overlay: Path) -> list[str]:
    """Every image that a container of the overlay names, each once, in order of their names."""
    return sorted({image for manifest in manifests(overlay) for image in _in(manifest)})


def _in(manifest: Any) -> Iterator[str]:
    """What stands as ``image`` of a container anywhere below ``manifest``."""
    for one in mappings(manifest):
        for container in (*one.get("containers", ()), *one.get("initContainers", ())):
            if "image" in container:
                yield container["image"]
