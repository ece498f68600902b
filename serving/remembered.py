"""Answers kept for who asks the same again: a page opened twice, a product's page seen by many."""

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from recommender.query import Query, Recommendation
from serving import metrics

if TYPE_CHECKING:
    from recommender.engine import Engine

_LONGEST: Final = 20
"""Products of an answer that is kept; longer lists are rare, and take more memory than they save time."""


class Answers:
    """One model's answers, those asked for last kept in memory.

    The question is the whole query: history, dismissals and avoided ingredients as the online store tells them at this
    moment, what the request wishes, and the day. What changes there is another question, so nothing has to be thrown
    away in time, and a new model begins with nothing kept.

    Args:
        engine: The model. The same query has the same answer.
        most: Answers kept; 0 keeps none.
    """

    def __init__(self, engine: "Engine", most: int) -> None:
        self._worked_out = partial(_worked_out, engine)
        # Of no method: a ring from here to here would keep the model in memory when another has taken its place.
        self._kept = lru_cache(most)(self._worked_out)

    def to(self, query: Query, *, reasons: bool) -> Recommendation:
        """The answer to a query, with or without reasons."""
        return (self._kept if query.k <= _LONGEST else self._worked_out)(query, reasons)


def _worked_out(engine: "Engine", query: Query, reasons: bool) -> Recommendation:
    metrics.WORKED_OUT.inc()
    (answer,) = engine.recommend([query], reasons)
    return answer
