"""Recommendations cached for whoever asks the same again: a page opened twice, a product's page seen by many."""

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from cachetools import LRUCache

from recommender.contract.query import Query, Recommendation
from serving.observability import metrics

if TYPE_CHECKING:
    from recommender.engine.engine import Engine

_LONGEST_LIST: Final = 20
"""Products of a recommendation that is cached; longer lists are rare, and take more memory than they save time."""


class CacheKey(NamedTuple):
    """What a model is asked.

    Attributes:
        reasons: Whether each product comes with its reasons.
    """

    query: Query
    reasons: bool = True


class RecommendationCache:
    """One model's recommendations, the last used ones cached; safe to share between threads.

    The key is the whole query: history, dismissals and avoided ingredients as the online store has them at this
    moment, what the request asks for, and the day. Whatever changes there makes another key, so nothing ever has to be
    invalidated, and a new model begins with an empty cache.
    """

    def __init__(self, engine: "Engine", capacity: int) -> None:
        self._engine = engine
        self._capacity = capacity
        self._cached: LRUCache[CacheKey, Recommendation] = LRUCache(capacity)
        self._lock = threading.Lock()

    def recommend(self, keys: Sequence[CacheKey]) -> list[Recommendation]:
        """The recommendations, in the keys' order; those that are not cached are computed together."""
        with self._lock:
            cached = [self._cached.get(key) for key in keys]
        missing = dict.fromkeys(key for key, hit in zip(keys, cached, strict=True) if hit is None)
        computed = self._compute(missing)
        return [hit or computed[key] for key, hit in zip(keys, cached, strict=True)]

    def _compute(self, keys: Iterable[CacheKey]) -> dict[CacheKey, Recommendation]:
        """The model's recommendations, cached for the next time."""
        computed: dict[CacheKey, Recommendation] = {}
        for reasons in (True, False):
            if wanted := [key for key in keys if key.reasons is reasons]:
                recommendations = self._engine.recommend([key.query for key in wanted], reasons)
                computed |= zip(wanted, recommendations, strict=True)
        metrics.COMPUTED.inc(len(computed))
        if self._capacity:
            with self._lock:
                for key, recommendation in computed.items():
                    if key.query.k <= _LONGEST_LIST:
                        self._cached[key] = recommendation
        return computed
