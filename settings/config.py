"""Every parameter of the platform, and which of them hold for a data set."""

from pathlib import Path

from infrastructure.settings import checked
from infrastructure.workspace import Workspace
from recommender.config import RecommenderConfig
from recommender.config.evaluation import TuningSettings
from recommender.data.sources.description.source import Source
from settings.experiment import ExperimentSettings, SurveySettings
from settings.monitoring import MonitoringSettings
from settings.serving import DeploymentSettings, ServingSettings


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


def workspace_of(source: Path) -> Workspace:
    """Where the platform keeps what it makes of the data set of ``source``.

    Raises:
        ConfigError: The file is missing or wrong.
    """
    return Workspace.named(Source.load(source).name)


def with_trials(config: Config, trials: int | None) -> Config:
    """``config`` with as many trials as ``--trials`` names, if it does.

    Raises:
        ConfigError: The number is wrong.
    """
    if trials is None:
        return config
    tuning = checked(TuningSettings, config.tuning.model_dump() | {"trials": trials}, where="--trials")
    return config.model_copy(update={"tuning": tuning})
