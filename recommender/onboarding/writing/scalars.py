"""Values and comments in YAML."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any, Final

import yaml

_WIDTH: Final = 110


class _Plain(yaml.SafeDumper):
    """Without anchors, which nobody reads."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (PyYAML's)
        return True


def flow(value: Any) -> str:
    """A value in one line."""
    text = yaml.dump(
        _plain(value), Dumper=_Plain, default_flow_style=True, allow_unicode=True, width=1 << 20, sort_keys=False
    )
    return text.strip().removesuffix("...").strip()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def entry(key: str, value: Any, comment: str, indent: int) -> list[str]:
    """A key with its value; the comment behind it where there is room, else above it."""
    line = f"{' ' * indent}{flow(key)}: {flow(value)}"
    if not comment:
        return [line]
    beside = f"{line}  # {comment}"
    return [beside] if len(beside) <= _WIDTH else [*commented(comment, indent), line]


def commented(text: str, indent: int) -> list[str]:
    """A comment over as many lines as it takes."""
    one_line = " ".join(text.split())
    return [
        f"{' ' * indent}# {line}"
        for line in wrap(one_line, _WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
    ]
