"""Every parameter as YAML that a person reads: its value, and behind it what it means."""

from collections.abc import Iterator
from typing import Any

import yaml

from infrastructure.settings import Settings


def described(settings: Settings, depth: int = 0) -> Iterator[str]:
    """One line a parameter; read back as YAML they are the same parameters."""
    indent, values = "  " * depth, settings.model_dump(mode="json")
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Settings):
            yield f"{indent}{name}:"
            yield from described(value, depth + 1)
        else:
            meaning = f"  # {field.description}" if field.description else ""
            yield f"{indent}{name}: {_yaml(values[name])}{meaning}"


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("\n").removesuffix("\n...")
