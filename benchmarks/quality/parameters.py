"""The parameters that quality is measured with: a data set's own, and what the command line names in their place."""

from pathlib import Path
from typing import Any, Final

from infrastructure.errors import ConfigError
from settings.config import Config, configuration, with_trials

_WHERE: Final = "the command line"


def parameters(source: Path, config: Path | None, *, tuned: bool, trials: int | None) -> Config:
    """The parameters to measure with, or to begin a search for them with.

    Args:
        source: YAML file of the data set.
        config: YAML file of parameters, in place of the one that the source names.
        tuned: Settings are searched for: what the source names is not used, as it may have been chosen on the products
            that are held out.
        trials: Of the search.

    Raises:
        ConfigError: A file is wrong, or trials are asked for without a search.
    """
    if tuned:
        return with_trials(Config.load(config), trials)
    if trials is not None:
        raise ConfigError(
            "Nothing is searched for.",
            where=_WHERE,
            field="--trials",
            value=trials,
            expected="--tuned beside it, or no --trials",
        )
    return configuration(source, config)


def with_split(config: Config, seed: int | None, **split: Any) -> Config:
    """``config`` with the seed and the settings of ``evaluation`` that the command line names; None names none.

    Raises:
        ConfigError: A value is wrong, or nothing follows from it.
    """
    values = config.model_dump(mode="json")
    values["evaluation"] |= {name: value for name, value in split.items() if value is not None}
    values |= {} if seed is None else {"seed": seed}
    changed = Config.parse(values, where=_WHERE)
    minimum = split.get("minimum_history")
    if minimum is not None and changed.evaluation.split == "customers":
        raise ConfigError(
            "Customers who are held out whole are tested however few products they have.",
            where=_WHERE,
            field="--least",
            value=minimum,
            expected="another split, or no --least",
        )
    return changed
