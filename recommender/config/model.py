"""The hybrid's parameters."""

from recommender.config.base import Settings


class ModelSettings(Settings):
    """The hybrid's parameters."""
