"""What may be chosen: the parameters of a blend, of a family alone and of the re-ranker, and their ranges."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from recommender.config.model import FamilySettings, RankerSettings
from recommender.tuning.fitted import OWN

Choice = dict[str, Any]
"""Values of settings by name: what differs from the settings that a search began with."""

_LEAST: Final = -0.4
"""Below 0 a root of a weight means that the family is left out: so a seventh of the first blends lack it."""

_FITTED: Final[Mapping[str, tuple[float, ...]]] = {
    "step_decay": (0.5, 0.7, 0.9, 1.0),
    "close_days": (30.0, 100.0, 300.0),
    "ease_regularisation": (20.0, 50.0, 100.0, 200.0, 400.0),
    "neighbours": (100, 300, 600),
}
"""Parameters that a family is fitted with: few values, as each costs a fit."""

_BY_ORDER: Final = 0.4
"""The least weight of a purchase against the one after it."""


class Suggest(Protocol):
    """Draws values: an Optuna trial, or one that repeats given values."""

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float:
        """A number in a range."""
        ...

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """A whole number in a range."""
        ...

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """One of several values."""
        ...


def blend(suggest: Suggest, names: Sequence[str], dated: bool) -> Choice:
    """Weights of the families ``names``, 0 included, and everything that they are fitted and added up with.

    Weights are drawn by their root, so that small ones are told apart.
    """
    weights: Choice = {name: round(max(0.0, suggest.suggest_float(name, _LEAST, 1.0)) ** 2, 4) for name in names}
    return weights | _fits(suggest, names) | _decay(suggest, dated)


def alone(suggest: Suggest, name: str, dated: bool) -> Choice:
    """One family with its own parameters, the others left out."""
    return only(name) | _fits(suggest, [name]) | _decay(suggest, dated)


def only(name: str) -> Choice:
    """The weights by which one family stands alone."""
    return {family: float(family == name) for family in OWN}


def ranker(suggest: Suggest) -> Choice:
    """The re-ranker's parameters."""
    return {
        "leaves": suggest.suggest_int("leaves", 7, 63, log=True),
        "learning_rate": round(suggest.suggest_float("learning_rate", 0.03, 0.15, log=True), 3),
        "minimum_leaf": suggest.suggest_int("minimum_leaf", 10, 300, log=True),
        "levels": suggest.suggest_int("levels", 1, LEVELS),
        "truncation": suggest.suggest_int("truncation", 10, 40, step=5),
    }


LEVELS: Final = 3
"""Most times that purchases are hidden for the re-ranker to learn from."""


def blend_parameters(settings: FamilySettings, names: Sequence[str], dated: bool) -> dict[str, Any]:
    """What :func:`blend` must draw to give these settings, or the nearest there is."""
    roots = {name: float(getattr(settings, name)) ** 0.5 for name in names}
    largest = max([1.0, *roots.values()])
    found: dict[str, Any] = {name: root / largest for name, root in roots.items()}
    found |= {key: _nearest(values, getattr(settings, key)) for key, values in _fitted_with(names).items()}
    return found | ({"decay": _stepped(settings.decay)} if dated else {})


def ranker_parameters(settings: RankerSettings) -> dict[str, Any]:
    """What :func:`ranker` must draw to give these settings, or the nearest there is."""
    return {
        "leaves": min(max(settings.leaves, 7), 63),
        "learning_rate": min(max(settings.learning_rate, 0.03), 0.15),
        "minimum_leaf": min(max(settings.minimum_leaf, 10), 300),
        "levels": min(settings.levels, LEVELS),
        "truncation": min(max(round(settings.truncation / 5) * 5, 10), 40),
    }


def _fits(suggest: Suggest, names: Sequence[str]) -> Choice:
    return {key: suggest.suggest_categorical(key, values) for key, values in _fitted_with(names).items()}


def _fitted_with(names: Sequence[str]) -> dict[str, tuple[float, ...]]:
    needed = {key for name in names for key in OWN[name]}
    return {key: values for key, values in _FITTED.items() if key in needed}


def _decay(suggest: Suggest, dated: bool) -> Choice:
    """Nothing to choose without dates, see ``recommender.models.candidate_models.item_to_item.decay``."""
    return {"decay": round(suggest.suggest_float("decay", _BY_ORDER, 1.0, step=0.05), 2)} if dated else {}


def _stepped(decay: float) -> float:
    return round(max(decay, _BY_ORDER) / 0.05) * 0.05


def _nearest(values: Sequence[float], wanted: float) -> float:
    return min(values, key=lambda value: abs(value - wanted))
