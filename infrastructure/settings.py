"""What all settings have in common (frozen, strict, no unknown key), and how they are read and written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from infrastructure.errors import ConfigError

S = TypeVar("S", bound="Settings")
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where it is installed: it reads the knowledge files eight times as fast."""
_MAPPING, _TRUTH, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("map", "bool", "str"))


class _Loader(_SAFE):
    """A safe loader to which a key is the word that stands there, also ``on``, ``off``, ``yes`` and ``no``.

    YAML 1.1 knows these as truths: a joined table's ``on`` would be the key ``True``.
    """


def _with_words_as_keys(loader: Any, mapping: Any) -> Iterator[Any]:
    for key, _ in mapping.value:
        if key.tag == _TRUTH and key.value.lower() not in ("true", "false"):
            key.tag = _TEXT
    yield from loader.construct_yaml_map(mapping)


_Loader.add_constructor(_MAPPING, _with_words_as_keys)


class Settings(BaseModel):
    """A group of settings that cannot change once read and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def checked(kind: type[S], values: Any, *, where: str) -> S:
    """``values`` as a ``kind``; an error names file, key, value and what would be right.

    Raises:
        ConfigError: ``values`` does not fit ``kind``.
    """
    try:
        # JSON mode: a YAML list may stand for a tuple, which strict Python mode refuses.
        return kind.model_validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"{kind.__name__} cannot be read: {first['msg']}.",
            where=where,
            field=".".join(str(part) for part in first["loc"]) or None,
            value=first["input"],
            expected=_expected(kind, first),
        ) from error


def read_yaml(path: Path) -> Any:
    """The value in a YAML file.

    Raises:
        ConfigError: The file is missing or not YAML; the error names line and column.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe one)
    except FileNotFoundError:
        raise ConfigError("There is no such file.", where=str(path), expected="the path of a YAML file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"Not valid YAML: {reason}", where=str(path)) from None


def described(settings: Settings, depth: int = 0) -> Iterator[str]:
    """One line a parameter, as YAML: its value, and behind it what it means; read back they are the same parameters."""
    indent, values = "  " * depth, settings.model_dump(mode="json")
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Settings):
            yield f"{indent}{name}:"
            yield from described(value, depth + 1)
        else:
            text = yaml.safe_dump(values[name], default_flow_style=True, width=10_000)
            text = text.removesuffix("\n").removesuffix("\n...")
            meaning = f"  # {field.description}" if field.description else ""
            yield f"{indent}{name}: {text}{meaning}"


def _expected(kind: type[Settings], error: Any) -> str:
    """What would be right: the allowed keys for an unknown key, else what pydantic asks for."""
    if error["type"] != "extra_forbidden":
        return error["msg"]
    return f"one of: {', '.join(allowed_keys(kind, error['loc'][:-1]))}"


def allowed_keys(kind: type[BaseModel], location: tuple[Any, ...]) -> list[str]:
    """The keys that the model at ``location``, as in an error of pydantic, takes."""
    for part in location:
        field = kind.model_fields.get(str(part))
        kind = (_model_in(field.annotation) if field else None) or kind
    return sorted(field.alias or name for name, field in kind.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, or has as an option, an item or a mapping's values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
