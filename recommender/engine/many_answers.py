"""Answers to many queries, with word of how far they are: one call would be silent for as long as all take."""

from collections.abc import Sequence
from typing import Final

from infrastructure.progress import steps
from recommender.contract.query import Query
from recommender.engine.engine import TOGETHER, Engine, Recommendation

_BATCHES: Final = 8


def answer_all(engine: Engine, queries: Sequence[Query], *, reasons: bool = False) -> list[Recommendation]:
    """The answers that ``engine.recommend`` gives; its batches are the same."""
    answers, at_once = list[Recommendation](), _BATCHES * TOGETHER
    with steps("answering", len(queries), "customers") as progress:
        for start in range(0, len(queries), at_once):
            found = engine.recommend(queries[start : start + at_once], reasons=reasons)
            answers.extend(found)
            progress.advance(len(found))
    return answers
