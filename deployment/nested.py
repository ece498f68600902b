"""What lies at any depth of something read from YAML or JSON."""

from collections.abc import Iterator
from typing import Any


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in ``value``, which may be one itself; the outer before the inner."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from mappings(inner)
