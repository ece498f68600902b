"""Every parameter of the platform, and which configuration file holds for a data set."""

from pathlib import Path

from recommender.config import RecommenderConfig
from recommender.data.sources.source import Source
from settings.deployment import DeploymentSettings
from settings.experiment import ExperimentSettings, SurveySettings
from settings.monitoring import MonitoringSettings
from settings.serving import ServingSettings


class Config(RecommenderConfig):
    """Every parameter of the platform."""

    serving: ServingSettings = ServingSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    experiment: ExperimentSettings = ExperimentSettings()
    survey: SurveySettings = SurveySettings()
    deployment: DeploymentSettings = DeploymentSettings()


def configuration(source: Path, instead: Path | None = None) -> Config:
    """Every parameter that holds for the data set of ``source``.

    Args:
        source: The data set's YAML file.
        instead: A configuration file that takes the place of the one that the source names.

    Returns:
        The parameters in ``instead``; without it, in the source's own ``config``; without either, the defaults.

    Raises:
        ConfigError: One of the files is missing, not YAML, or holds an unknown or wrong key.
    """
    own = Source.load(source).config
    return Config.load(instead or (source.parent / own if own else None))
