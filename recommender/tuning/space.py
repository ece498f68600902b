"""The search space: the parameters of a blend, of a single model and of the re-ranker, and their ranges."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from optuna.trial import BaseTrial

from recommender.config.model import FamilySettings, RankerSettings
from recommender.tuning.fitted_models import OWN

Choice = dict[str, Any]
"""Values of settings by name: what differs from the settings that a search began with."""

_LEAST: Final = -0.4
"""A root of a weight below 0 leaves the model out: so a seventh of the first blends lack it."""

_FITTED: Final[Mapping[str, tuple[float, ...]]] = {
    "step_decay": (0.5, 0.7, 0.9, 1.0),
    "close_days": (30.0, 100.0, 300.0),
    "ease_regularisation": (20.0, 50.0, 100.0, 200.0, 400.0),
    "neighbours": (100, 300, 600),
}
"""Parameters that a model is fitted with: few values, as each costs a fit."""

_BY_ORDER: Final = 0.4
"""The least weight of a purchase against the one after it."""


def suggest_blend(trial: BaseTrial, names: Sequence[str], dated: bool) -> Choice:
    """Weights of the models ``names``, 0 included, and everything that they are fitted and added up with.

    Weights are drawn by their root, so that small ones are distinguished.
    """
    weights: Choice = {name: round(max(0.0, trial.suggest_float(name, _LEAST, 1.0)) ** 2, 4) for name in names}
    return weights | _fits(trial, names) | _decay(trial, dated)


def suggest_single_model(trial: BaseTrial, name: str, dated: bool) -> Choice:
    """One model with its own parameters, the others left out."""
    return single_model_weights(name) | _fits(trial, [name]) | _decay(trial, dated)


def single_model_weights(name: str) -> Choice:
    """The weights of one model alone."""
    return {family: float(family == name) for family in OWN}


def suggest_ranker(trial: BaseTrial) -> Choice:
    """The re-ranker's parameters."""
    return {
        "leaves": trial.suggest_int("leaves", 7, 63, log=True),
        "learning_rate": round(trial.suggest_float("learning_rate", 0.03, 0.15, log=True), 3),
        "minimum_leaf": trial.suggest_int("minimum_leaf", 10, 300, log=True),
        "levels": trial.suggest_int("levels", 1, LEVELS),
        "truncation": trial.suggest_int("truncation", 10, 40, step=5),
    }


LEVELS: Final = 3
"""Most times that purchases are hidden for the re-ranker to learn from."""


def blend_parameters(settings: FamilySettings, names: Sequence[str], dated: bool) -> dict[str, Any]:
    """What :func:`suggest_blend` must draw to give these settings, or the nearest there is."""
    roots = {name: float(getattr(settings, name)) ** 0.5 for name in names}
    largest = max([1.0, *roots.values()])
    found: dict[str, Any] = {name: root / largest for name, root in roots.items()}
    found |= {key: _nearest(values, getattr(settings, key)) for key, values in _fitted_with(names).items()}
    return found | ({"decay": round(max(settings.decay, _BY_ORDER) / 0.05) * 0.05} if dated else {})


def ranker_parameters(settings: RankerSettings) -> dict[str, Any]:
    """What :func:`suggest_ranker` must draw to give these settings, or the nearest there is."""
    return {
        "leaves": min(max(settings.leaves, 7), 63),
        "learning_rate": min(max(settings.learning_rate, 0.03), 0.15),
        "minimum_leaf": min(max(settings.minimum_leaf, 10), 300),
        "levels": min(settings.levels, LEVELS),
        "truncation": min(max(round(settings.truncation / 5) * 5, 10), 40),
    }


def _fits(trial: BaseTrial, names: Sequence[str]) -> Choice:
    return {key: trial.suggest_categorical(key, values) for key, values in _fitted_with(names).items()}


def _fitted_with(names: Sequence[str]) -> dict[str, tuple[float, ...]]:
    needed = {key for name in names for key in OWN[name]}
    return {key: values for key, values in _FITTED.items() if key in needed}


def _decay(trial: BaseTrial, dated: bool) -> Choice:
    """Nothing to choose without dates, see ``recommender.models.candidate_models.item_to_item.decay``."""
    return {"decay": round(trial.suggest_float("decay", _BY_ORDER, 1.0, step=0.05), 2)} if dated else {}


def _nearest(values: Sequence[float], wanted: float) -> float:
    return min(values, key=lambda value: abs(value - wanted))
