"""Figures of several folds as one: the mean, and how sure it is, over the folds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from recommender.evaluation.metrics import student_interval

_INTERVAL: Final = {"value", "low", "high"}


def over_folds(folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One set of figures from those of each fold, which stay in it under ``folds``.

    Intervals are Student's, over the folds: what differs from one period to the next counts, and few periods
    make them wide. Later folds learn from what earlier ones were tested on, so they are no independent draws.
    """
    first = folds[0]
    return {
        **{name: first[name] for name in ("least", "draws", "tuned", "seed", "k", "products")},
        "split": f"{len(folds)} rolling origins: mean and interval over the folds",
        "tested": sum(fold["tested"] for fold in folds),
        "held_out": sum(fold["held_out"] for fold in folds),
        "several": any(fold["several"] for fold in folds),
        "purchases": min(fold["purchases"] for fold in folds),
        "sizes": {},
        "trees": max(fold["trees"] for fold in folds),
        "models": [_model([fold["models"][place] for fold in folds]) for place in range(len(first["models"]))],
        "ratings": {},
        "folds": list(folds),
    }


def _model(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One model's figures; what a fold lacks is left out."""
    merged = {name: _merged([row[name] for row in rows]) for name in rows[0] if name not in ("model", "slices")}
    return {"model": rows[0]["model"], "slices": {}, **merged}


def _merged(values: Sequence[Any]) -> Any:
    """Intervals and numbers as their mean over the folds, mappings of them part by part."""
    if not isinstance(values[0], Mapping):
        return float(np.mean(values))
    parts: Sequence[Mapping[str, Any]] = values
    if {*parts[0]} == _INTERVAL:
        return asdict(student_interval(np.array([part["value"] for part in parts])))
    shared = [name for name in parts[0] if all(name in part for part in parts)]
    return {name: _merged([part[name] for part in parts]) for name in shared}
