"""What every part of the simulation uses: its parameters in ``parameters/``, and random streams by name."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
import yaml
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

CONCERNS: Final = ("acne", "dryness", "redness", "pigmentation", "ageing", "oiliness", "sensitivity")


@lru_cache
def read_parameters(name: str) -> Any:
    """The content of ``<name>.yaml``; shared by all callers, who must not change it."""
    return yaml.safe_load((Path(__file__).parent / "parameters" / f"{name}.yaml").read_text(encoding="utf-8"))


def by_concern(effects: Mapping[str, float]) -> Floats:
    """Effects by concern as float32[concerns]; 0 for the concerns not named."""
    return np.array([effects.get(concern, 0.0) for concern in CONCERNS], np.float32)


def concern_rows(many: Iterable[Mapping[str, float]]) -> Floats:
    """Effects of several things, one :func:`by_concern` a row."""
    return np.stack([by_concern(effects) for effects in many])


def shares(entries: Iterable[Mapping[str, Any]]) -> NDArray[np.float64]:
    """The ``share`` of each entry."""
    return np.array([entry["share"] for entry in entries], np.float64)


def draw_indices(rng: np.random.Generator, weights: NDArray[np.floating[Any]], count: int) -> Ints:
    """``count`` indices drawn in proportion to ``weights``; a larger ``count`` begins with the same ones."""
    bounds = np.cumsum(weights, dtype=np.float64)
    return np.searchsorted(bounds[:-1] / bounds[-1], rng.random(count), side="right").astype(np.int32)


def random_stream(seed: int, *names: str | int) -> np.random.Generator:
    """The generator that belongs to ``seed`` and ``names``; the same ones always give the same draws.

    Streams have names, so that drawing more of one thing never changes the draws of another.
    """
    key = tuple(crc32(str(name).encode()) for name in names)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
