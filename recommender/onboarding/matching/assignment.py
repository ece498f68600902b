"""Which foreign column goes to which of ours: all at once, so that the best whole is found, not the best first pair."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from recommender.onboarding.matching.scores import Scores, keys_of

LEAST: Final = 0.34
"""A pair that is less sure is none."""


def assigned(scores: Scores) -> dict[str, tuple[str, float]]:
    """By our column theirs and how sure that is; each of theirs once."""
    ours, theirs = keys_of(scores.table), list(dict.fromkeys(column for column, _ in scores.cells))
    if not theirs:
        return {}
    matrix = np.array([[_worth(scores.cells[column, key]) for key in ours] for column in theirs])
    rows, places = linear_sum_assignment(matrix, maximize=True)
    pairs = (
        (ours[place], theirs[row], scores.cells[theirs[row], ours[place]])
        for row, place in zip(rows, places, strict=True)
    )
    return {key: (column, score) for key, column, score in pairs if score >= LEAST}


def _worth(score: float) -> float:
    """A sure pair is worth more than two doubtful ones."""
    return score**2 if score >= LEAST else 0.0


def runners_up(scores: Scores, pairs: Mapping[str, tuple[str, float]], key: str) -> tuple[tuple[str, float], ...]:
    """Further columns that one of ours might be, best first: those that nothing else is made from more surely."""
    taken = dict(pairs.values())
    found = [
        (column, score)
        for (column, ours), score in scores.cells.items()
        if ours == key and score >= LEAST and column != pairs.get(key, ("",))[0] and score > taken.get(column, 0)
    ]
    return tuple(sorted(found, key=lambda pair: -pair[1])[:4])
