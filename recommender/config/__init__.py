"""One frozen, strict model of every parameter; a YAML file names only what differs from the defaults."""

import json
from pathlib import Path
from typing import Any, Self, TypeVar, get_args

import yaml
from pydantic import Field, ValidationError

from recommender.config.base import Settings
from recommender.config.cleaning import CleaningSettings
from recommender.config.compute import ComputeSettings
from recommender.config.deployment import DeploymentSettings
from recommender.config.evaluation import EvaluationSettings
from recommender.config.experiment import ExperimentSettings
from recommender.config.model import ModelSettings
from recommender.config.monitoring import MonitoringSettings
from recommender.config.rules import RuleSettings
from recommender.config.serving import ServingSettings
from recommender.config.survey import SurveySettings
from recommender.config.tuning import TuningSettings
from recommender.errors import ConfigError

S = TypeVar("S", bound=Settings)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is there: it reads the knowledge files eight times as fast."""


class Config(Settings):
    """Every parameter of the platform."""

    seed: int = Field(default=0, ge=0, description="of every random draw")
    cleaning: CleaningSettings = CleaningSettings()
    compute: ComputeSettings = ComputeSettings()
    model: ModelSettings = ModelSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    tuning: TuningSettings = TuningSettings()
    rules: RuleSettings = RuleSettings()
    serving: ServingSettings = ServingSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    experiment: ExperimentSettings = ExperimentSettings()
    survey: SurveySettings = SurveySettings()
    deployment: DeploymentSettings = DeploymentSettings()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The defaults, with what the YAML file at ``path`` says laid over them.

        Raises:
            ConfigError: The file is missing, not YAML, or holds an unknown or wrong key.
        """
        if path is None:
            return cls()
        return cls.parse(read_yaml(path), where=str(path))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The configuration that :meth:`to_json` wrote: how a pipeline's run carries it from step to step."""
        return cls.parse(json.loads(text), where="the run's configuration")

    def to_json(self) -> str:
        """Every parameter as JSON."""
        return self.model_dump_json()

    @classmethod
    def parse(cls, values: Any, *, where: str) -> Self:
        """Check ``values`` (a mapping, as YAML gives it) and name the first wrong key if there is one."""
        return checked(cls, {} if values is None else values, where=where)


def checked(kind: type[S], values: Any, *, where: str) -> S:
    """``values`` as a ``kind``; a wrong one is told by file, key, value and what would be right.

    Raises:
        ConfigError: ``values`` does not fit ``kind``.
    """
    try:
        # JSON mode: a YAML list may stand for a tuple, which strict Python mode refuses.
        return kind.model_validate_json(_as_json(values))
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
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe one)
    except FileNotFoundError:
        raise ConfigError("There is no such file.", where=str(path), expected="the path of a YAML file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"Not valid YAML: {reason}", where=str(path)) from None


def _as_json(values: Any) -> str:
    return json.dumps(values, default=str)


def _expected(kind: type[Settings], error: Any) -> str:
    """What would be right: the allowed keys for an unknown key, else what pydantic asks for."""
    if error["type"] != "extra_forbidden":
        return error["msg"]
    return f"one of: {', '.join(_keys_at(kind, error['loc'][:-1]))}"


def _keys_at(kind: type[Settings], location: tuple[Any, ...]) -> list[str]:
    """The keys that the settings at ``location`` take."""
    for part in location:
        field = kind.model_fields.get(str(part))
        kind = (_settings_in(field.annotation) if field else None) or kind
    return sorted(field.alias or name for name, field in kind.model_fields.items())


def _settings_in(annotation: Any) -> type[Settings] | None:
    """The settings that an annotation is, or has as an option or as a mapping's values."""
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    return next((found for part in get_args(annotation) if (found := _settings_in(part))), None)
