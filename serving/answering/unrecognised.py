"""What becomes of words for something to avoid that nothing knows: refused, or told, counted and logged."""

import logging
import re
import threading
from collections.abc import Iterable
from typing import Final

from infrastructure.errors import RequestError
from recommender.contract.query import UnrecognisedWords
from serving.answering.requests import RecommendationRequest
from serving.models.loaded_model import LoadedModel
from serving.observability import logs, metrics

logger = logging.getLogger(__name__)

_LOGGED: Final = 1_000
"""Different words that one process logs; who sends more at random should not fill the log."""
_PERSONAL: Final = re.compile(r"@|\d{5}")
_LONGEST: Final = 60


class UnrecognisedError(RequestError):
    """A request names an ingredient to avoid that nothing knows."""


def refuse_unrecognised(request: RecommendationRequest, row: int, model: LoadedModel) -> None:
    """Refuse what the request itself names and nothing knows, where the model's rules say so.

    What is stored of the customer is never refused: who asks did not send it and cannot correct it.

    Raises:
        UnrecognisedError: ``rules.unrecognised_avoidances`` is "refuse", and words of the request exclude nothing.
    """
    if not request.profile.avoided_ingredients:
        return
    refused = model.engine.rules.refused(request.profile.avoided_ingredients)
    if refused:
        offered = refused[0].suggestions
        raise UnrecognisedError(
            "An ingredient to avoid is not recognised.",
            field=f"profile[{row}].avoided_ingredients",
            value=refused[0].text,
            expected=f"perhaps {' or '.join(offered)}" if offered else "an INCI name, a synonym or a family",
        )


class UnrecognisedLog:
    """Counts the words, and logs each once; their line names neither request nor customer."""

    def __init__(self) -> None:
        self._logged = set[str]()
        self._lock = threading.Lock()

    def add(self, words: Iterable[UnrecognisedWords]) -> None:
        """Count what one answer told."""
        for unknown in words:
            metrics.UNRECOGNISED.labels("applied" if unknown.applied else "told").inc()
            if self._is_new(unknown.text):
                fields = logs.fields(words=unknown.text, suggestions=unknown.suggestions, applied=unknown.applied)
                logger.warning("an ingredient to avoid is not recognised", extra=fields)

    def _is_new(self, text: str) -> bool:
        """Whether a text is to be logged: not yet logged, and without what may name a person."""
        if len(text) > _LONGEST or _PERSONAL.search(text):
            return False
        with self._lock:
            if text in self._logged or len(self._logged) >= _LOGGED:
                return False
            self._logged.add(text)
        return True
