"""What was shown to whom: counted, and logged under a pseudonym."""

import time
from dataclasses import dataclass

import orjson

from recommender.contract.query import Query, Recommendation
from serving.answering.requests import Call, Wish
from serving.impressions.log import Impression, ImpressionSink
from serving.models.loaded_model import Served
from serving.models.recommendation_cache import Question
from serving.observability import metrics


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer's part of a request.

    Attributes:
        call: The request.
        customer: Pseudonym, "" for nobody in particular.
        fallback: What the answer has to do without.
        served: The model that answers.
        instead: What takes the store's place: "cautious", "remembered" or "neither"; "" where it could be read.
    """

    call: Call
    customer: str
    wish: Wish
    query: Query
    fallback: str
    served: Served
    instead: str

    @property
    def question(self) -> Question:
        """What the model is asked."""
        return Question(self.query, self.call.reasons)


def impression(asked: Asked, answer: Recommendation, served: Served, seconds: float | None = None) -> Impression:
    """One list as it is logged; ``seconds`` is how long its customer waited for it."""
    return Impression(
        request_id=asked.call.request_id,
        time=time.time(),
        customer=asked.customer,
        variant=served.variant,
        model_version=served.engine.version,
        products=orjson.dumps([item.product_id for item in answer.items]).decode(),
        scores=orjson.dumps([item.score for item in answer.items]).decode(),
        fallback=asked.fallback,
        seconds=seconds,
        kind=asked.wish.kind,
        k=asked.wish.k,
        brought=asked.wish.brought,
    )


def expose(asked: Asked, answer: Recommendation, log: ImpressionSink, now: float) -> None:
    """Count and log one list that is shown ``now``, by ``time.perf_counter``."""
    metrics.ANSWERS.labels(asked.served.variant, answer.path, asked.fallback).inc()
    if asked.instead:
        metrics.WITHOUT_STORE.labels(asked.instead).inc()
    for rule, count in answer.removed.items():
        metrics.REMOVED.labels(rule).inc(count)
    log.add(impression(asked, answer, asked.served, asked.call.waited(now)))
