"""People who avoid something, in their own words, and what no product that they are shown may hold."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.safety.truth import Truth
from recommender.knowledge.knowledge import Knowledge
from settings.serving import COMMONLY_AVOIDED

_ASIDE: Final = ("{}", "no {}", "{}-free", "without {}", "{} allergy", " {} ")


@dataclass(frozen=True)
class Avoiding:
    """What a customer says, and the ingredients that it forbids for certain."""

    words: tuple[str, ...]
    forbidden: frozenset[str]


def draw_avoiding(draw: np.random.Generator, *, common: bool = False) -> Avoiding:
    """One to three avoidances; ``common`` ones are of a family that stands in for a store that cannot be read."""
    drawn = [_one(draw, common=common) for _ in range(draw.integers(1, 4))]
    return Avoiding(tuple(words for words, _ in drawn), frozenset[str]().union(*(found for _, found in drawn)))


def _one(draw: np.random.Generator, *, common: bool) -> tuple[str, frozenset[str]]:
    truth = Truth.load()
    families = [name for name in COMMONLY_AVOIDED if name in truth.families] if common else sorted(truth.families)
    family = families[draw.integers(len(families))]
    if draw.random() < 0.5:
        names = (family, *Knowledge.load().families[family].synonyms)
        return _said(names[draw.integers(len(names))], draw), truth.families[family]
    members = sorted(truth.families[family])
    member = members[draw.integers(len(members))]
    spellings = truth.spellings[member]
    return _said(spellings[draw.integers(len(spellings))], draw), frozenset({member})


def _said(name: str, draw: np.random.Generator) -> str:
    """A name as somebody types it."""
    cased = (str, str.upper, str.title)[draw.integers(3)](name)
    return _ASIDE[draw.integers(len(_ASIDE))].format(cased)
