"""How the endpoint answers."""

from recommender.config.base import Settings


class ServingSettings(Settings):
    """How the endpoint answers."""
