"""What is watched, and when a retraining starts."""

from recommender.config.base import Settings


class MonitoringSettings(Settings):
    """What is watched, and when a retraining starts."""
