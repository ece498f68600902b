"""How raw rows become clean ones."""

from recommender.config.base import Settings


class CleaningSettings(Settings):
    """How raw rows become clean ones."""
