"""Reading the simulation's own truth: the YAML files in ``parameters/``."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

CONCERNS: Final = ("acne", "dryness", "redness", "pigmentation", "ageing", "oiliness", "sensitivity")


@lru_cache
def read(name: str) -> Any:
    """The content of ``<name>.yaml``; shared by all callers, so not to be changed."""
    return yaml.safe_load((Path(__file__).parent / "parameters" / f"{name}.yaml").read_text(encoding="utf-8"))


def by_concern(effects: Mapping[str, float]) -> Floats:
    """Effects by concern as float32[concerns]; 0 for the concerns not named."""
    return np.array([effects.get(concern, 0.0) for concern in CONCERNS], np.float32)


def concern_rows(many: Iterable[Mapping[str, float]]) -> Floats:
    """Several :func:`by_concern` as the rows of one matrix."""
    return np.stack([by_concern(effects) for effects in many])


def shares(entries: Iterable[Mapping[str, Any]]) -> NDArray[np.float64]:
    """The ``share`` of each entry."""
    return np.array([entry["share"] for entry in entries], np.float64)


def draw(rng: np.random.Generator, weights: NDArray[np.floating[Any]], count: int) -> Ints:
    """``count`` indices drawn in proportion to ``weights``; the first ones stay when ``count`` grows."""
    bounds = np.cumsum(weights, dtype=np.float64)
    return np.searchsorted(bounds[:-1] / bounds[-1], rng.random(count), side="right").astype(np.int32)
