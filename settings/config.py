"""Every parameter of the platform: the recommender's, and those of what carries it."""

from recommender.config import RecommenderConfig
from settings.deployment import DeploymentSettings
from settings.experiment import ExperimentSettings
from settings.monitoring import MonitoringSettings
from settings.serving import ServingSettings
from settings.survey import SurveySettings


class Config(RecommenderConfig):
    """Every parameter of the platform."""

    serving: ServingSettings = ServingSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    experiment: ExperimentSettings = ExperimentSettings()
    survey: SurveySettings = SurveySettings()
    deployment: DeploymentSettings = DeploymentSettings()
