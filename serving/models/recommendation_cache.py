"""Answers kept for who asks the same again: a page opened twice, a product's page seen by many."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from recommender.contract.query import Query, Recommendation
from serving.customers.latest import Latest
from serving.observability import metrics

if TYPE_CHECKING:
    from recommender.engine.engine import Engine

_LONGEST: Final = 20
"""Products of an answer that is kept; longer lists are rare, and take more memory than they save time."""


class Question(NamedTuple):
    """What a model is asked.

    Attributes:
        reasons: Whether each product comes with its reasons.
    """

    query: Query
    reasons: bool = True


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
        self._engine = engine
        self._kept = Latest[Question, Recommendation](most)

    def to(self, questions: Sequence[Question]) -> list[Recommendation]:
        """The answers, in the questions' order; what is not remembered is worked out together."""
        remembered = [self._kept.get(question) for question in questions]
        new = dict.fromkeys(one for one, known in zip(questions, remembered, strict=True) if known is None)
        worked_out = self._worked_out(new)
        return [known or worked_out[one] for one, known in zip(questions, remembered, strict=True)]

    def _worked_out(self, questions: Iterable[Question]) -> dict[Question, Recommendation]:
        """The model's answers, kept for the next time."""
        found: dict[Question, Recommendation] = {}
        for reasons in (True, False):
            if asked := [question for question in questions if question.reasons is reasons]:
                answers = self._engine.recommend([question.query for question in asked], reasons)
                found |= zip(asked, answers, strict=True)
        metrics.WORKED_OUT.inc(len(found))
        for question, answer in found.items():
            if question.query.k <= _LONGEST:
                self._kept.keep(question, answer)
        return found
