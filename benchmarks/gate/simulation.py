"""Challengers of known worth, drawn from the answers of two models that differ in their seed alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.config.evaluation import GateSettings
from recommender.evaluation.not_worse import NotWorse

_RESAMPLES: Final = 300
_SUCCESSORS: Final = 20

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """NDCG of two equally good models for the same customers, float64[customers] each."""

    first: Values
    second: Values

    @property
    def likeness(self) -> float:
        """Correlation of both over customers."""
        return float(np.corrcoef(self.first, self.second)[0, 1])

    def drawn(self, customers: int, rng: np.random.Generator) -> tuple[Values, Values]:
        """Both models' answers to customers who are drawn with replacement; which is which is drawn, too."""
        who = rng.integers(len(self.first), size=customers)
        sides = np.stack([self.first[who], self.second[who]])
        swapped = rng.random(customers) < 0.5
        return np.where(swapped, sides[1], sides[0]), np.where(swapped, sides[0], sides[1])


def share_passed(pool: Pool, customers: int, loss: float, settings: GateSettings, rounds: int) -> float:
    """How often a challenger passes that truly loses the share ``loss`` of NDCG."""
    rng = np.random.default_rng(customers)
    passed = 0
    for _ in range(rounds):
        new, old = pool.drawn(customers, rng)
        new = new * (rng.random(customers) >= loss)
        passed += NotWorse(new - old, old, settings, _RESAMPLES, seed=0).passed
    return passed / rounds


def level_after(
    pool: Pool, customers: int, loss: float, settings: GateSettings, rounds: int, *, anchored: bool
) -> float:
    """Mean true NDCG, as a share of the first champion's, after 20 challengers that each lose ``loss`` of the present.

    ``anchored`` also compares each with the champion that small losses are measured from, as the gate does.
    """
    rng = np.random.default_rng(customers)
    return float(np.mean([_level(pool, customers, loss, settings, rng, anchored) for _ in range(rounds)]))


def _level(
    pool: Pool, customers: int, loss: float, settings: GateSettings, rng: np.random.Generator, anchored: bool
) -> float:
    level = start = 1.0
    for _ in range(_SUCCESSORS):
        new = level * (1 - loss)
        found = [*_compared(pool, customers, new, [level, start] if anchored else [level], settings, rng)]
        if all(one.passed for one in found):
            start = new if found[-1].certainly_better else start
            level = new
    return level


def _compared(
    pool: Pool, customers: int, new: float, others: list[float], settings: GateSettings, rng: np.random.Generator
) -> Iterator[NotWorse]:
    """A challenger of the level ``new`` beside models of other levels, all asked for the same customers."""
    ours, theirs = pool.drawn(customers, rng)
    luck = rng.random(customers)
    for level in others:
        base = theirs * (luck < level)
        yield NotWorse(ours * (luck < new) - base, base, settings, _RESAMPLES, seed=0)
