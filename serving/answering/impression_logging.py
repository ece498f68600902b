"""What was shown to whom: counted, and logged under a pseudonym."""

import time
from dataclasses import dataclass

import orjson

from recommender.contract.identifiers import normalised_id
from recommender.contract.impressions import Impression
from recommender.contract.query import Query, Recommendation
from serving.answering.requests import RecommendationRequest, RequestBatch
from serving.impressions.log import ImpressionSink
from serving.models.loaded_model import LoadedModel
from serving.models.recommendation_cache import CacheKey
from serving.observability import metrics


@dataclass(frozen=True, slots=True)
class ResolvedRequest:
    """A recommendation request with all that its response depends on.

    Attributes:
        batch: The batch it came in.
        pseudonym: The customer's, "" for nobody in particular.
        query: What the model is asked.
        fallback: What the response has to do without.
        model: The one that answers.
        store_replacement: What takes the store's place: "cautious", "remembered" or "neither"; "" where it was read.
    """

    batch: RequestBatch
    pseudonym: str
    request: RecommendationRequest
    query: Query
    fallback: str
    model: LoadedModel
    store_replacement: str

    @property
    def cache_key(self) -> CacheKey:
        """What the response is remembered under."""
        return CacheKey(self.query, self.batch.reasons)


def to_impression(
    request: ResolvedRequest, recommendation: Recommendation, model: LoadedModel, seconds: float | None = None
) -> Impression:
    """One list as it is logged; ``seconds`` is how long its customer waited for it."""
    return Impression(
        # Events that name it come through the collector, which normalises every id.
        request_id=normalised_id(request.batch.request_id),
        time=time.time(),
        customer=request.pseudonym,
        variant=model.variant,
        model_version=model.engine.version,
        products=orjson.dumps([item.product_id for item in recommendation.items]).decode(),
        scores=orjson.dumps([item.score for item in recommendation.items]).decode(),
        fallback=request.fallback,
        seconds=seconds,
        kind=request.request.kind,
        k=request.request.k,
        brought=request.request.profile_fields,
    )


def log_impression(request: ResolvedRequest, recommendation: Recommendation, log: ImpressionSink, now: float) -> None:
    """Count and log one list that is shown ``now``, by ``time.perf_counter``."""
    metrics.ANSWERS.labels(request.model.variant, recommendation.path, request.fallback).inc()
    if request.store_replacement:
        metrics.WITHOUT_STORE.labels(request.store_replacement).inc()
    for rule, count in recommendation.removed.items():
        metrics.REMOVED.labels(rule).inc(count)
    log.add(to_impression(request, recommendation, request.model, request.batch.waited(now)))
