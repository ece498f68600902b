"""The parameters of a data set: its own configuration file, unless the command names another."""

from pathlib import Path

from recommender.data.sources.source import Source
from settings.config import Config


def configuration(source: Path, given: Path | None = None) -> Config:
    """Every parameter that holds for the data set of ``source``.

    Args:
        source: The data set's YAML file.
        given: A configuration file that takes the place of the one that the source names.

    Returns:
        What ``given`` says; without it, what the source's own ``config`` says; without either, the defaults.

    Raises:
        ConfigError: One of the files is missing, not YAML, or holds an unknown or wrong key.
    """
    own = Source.load(source).config
    return Config.load(given or (source.parent / own if own else None))
