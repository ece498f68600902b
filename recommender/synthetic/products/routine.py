"""The steps of a beauty routine: the kinds of products, and which is bought after which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from recommender.synthetic.simulation import Floats, by_concern, read_parameters


@dataclass(frozen=True)
class RoutineStep:
    """A kind of product, such as cleanser or serum, as ``assortment.yaml`` describes it.

    Attributes:
        path: Category, department first.
        share: Of purchases, relative to the other steps.
        price: Euros of a middle-tier product of the commonest size.
        lasts: Days until one is used up.
        strength: How much of its ingredients' effect stays on the skin.
        season: Log odds at midsummer; midwinter is its opposite.
        nouns: Names for it.
        serves: How much each need makes customers look for it, float32[concerns].
        follows: Log odds, beyond chance, that the named step is bought after this one.
        variants: Sizes or shades, the commonest first, each with its price factor.
        formula: Ingredients of each role.
    """

    name: str
    path: tuple[str, ...]
    share: float
    price: float
    lasts: int
    strength: float
    season: float
    nouns: tuple[str, ...]
    serves: Floats
    follows: Mapping[str, float]
    variants: tuple[tuple[str, float], ...]
    formula: Mapping[str, float]


@lru_cache
def routine() -> tuple[RoutineStep, ...]:
    """Every step; arrays by step are in this order."""
    return tuple(
        RoutineStep(
            name=name,
            path=tuple(entry["path"]),
            share=entry["share"],
            price=entry["price"],
            lasts=entry["days"],
            strength=entry["strength"],
            season=entry.get("season", 0.0),
            nouns=tuple(entry["nouns"]),
            serves=by_concern(entry["serves"]),
            follows=entry["next"],
            variants=_variants(entry),
            formula=entry["formula"],
        )
        for name, entry in read_parameters("assortment")["steps"].items()
    )


def by_step(value: Callable[[RoutineStep], float]) -> Floats:
    """A figure of each step, float32[steps]."""
    return np.array([value(step) for step in routine()], np.float32)


def _variants(entry: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    if "shades" in entry:
        return tuple((shade, 1.0) for shade in entry["shades"])
    return tuple(sorted(entry["sizes"].items(), key=lambda size: abs(size[1] - 1)))
