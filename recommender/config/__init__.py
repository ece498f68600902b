"""Every parameter of the recommender itself in one frozen, strict model; the platform's stand in :mod:`settings`."""

import json
from pathlib import Path
from typing import Any, Self

from pydantic import Field

from infrastructure.settings import Settings, checked, read_yaml
from recommender.config.evaluation import EvaluationSettings, TuningSettings
from recommender.config.model import ModelSettings, RuleSettings
from recommender.config.preparation import CleaningSettings, ComputeSettings, VariantSettings, WarningSettings


class RecommenderConfig(Settings):
    """The parameters that decide what is learnt and recommended."""

    seed: int = Field(default=0, ge=0, description="of every random draw")
    cleaning: CleaningSettings = CleaningSettings()
    variants: VariantSettings = VariantSettings()
    warnings: WarningSettings = WarningSettings()
    compute: ComputeSettings = ComputeSettings()
    model: ModelSettings = ModelSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    tuning: TuningSettings = TuningSettings()
    rules: RuleSettings = RuleSettings()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The defaults, overridden by the YAML file at ``path``.

        Raises:
            ConfigError: The file is missing, not YAML, or holds an unknown or wrong key.
        """
        if path is None:
            return cls()
        return cls.parse(read_yaml(path), where=str(path))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The configuration that :meth:`to_json` wrote; a pipeline's run passes it from step to step."""
        return cls.parse(json.loads(text), where="the run's configuration")

    def to_json(self) -> str:
        """Every parameter as JSON."""
        return self.model_dump_json()

    @classmethod
    def parse(cls, values: Any, *, where: str) -> Self:
        """Check ``values`` (a mapping, as YAML gives it) and name the first wrong key if there is one."""
        return checked(cls, {} if values is None else values, where=where)
