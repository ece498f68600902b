"""From what a client asks to what it is told: customers are looked up, the engine asked, the answer logged."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from recommender.config.serving import ServingSettings
from recommender.errors import RecommenderError, RequestError
from recommender.pseudonym import customer_hash
from recommender.query import Item, Query, Recommendation
from serving import metrics
from serving.caution import limits
from serving.customers import CustomerSource
from serving.impressions import Impression, ImpressionSink
from serving.lookup import Found, Lookup
from serving.state import ModelHolder, Served
from serving.wishes import Wish, query

KNOWN, UNKNOWN_CUSTOMER, STORE_UNAVAILABLE = "", "unknown_customer", "store_unavailable"


class NotReadyError(RecommenderError):
    """No model is loaded yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client is told for one wish.

    Attributes:
        fallback: Why the answer rests on less than it might: "" (it does not), "unknown_customer" or
            "store_unavailable".
    """

    items: tuple[Item, ...]
    fallback: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers to one request; all from one model."""

    request_id: str
    model_version: str
    variant: str
    answers: tuple[Answer, ...]


class Answerer:
    """Answers requests from the model in service and the customers' stored features.

    Args:
        models: Holds the model in service.
        customers: The online store.
        impressions: Takes what was shown.
        settings: How the endpoint answers.
    """

    def __init__(
        self,
        models: ModelHolder,
        customers: CustomerSource,
        impressions: ImpressionSink,
        settings: ServingSettings,
    ) -> None:
        self._models = models
        self._lookup = Lookup(customers, settings.remembered_customers, settings.remembered_seconds)
        self._impressions = impressions
        self._settings = settings

    @property
    def version(self) -> str | None:
        """Version of the model in service, None until the first is loaded."""
        served = self._models.served
        return served and served.engine.version

    def answer(self, wishes: Sequence[Wish], request_id: str, *, reasons: bool = True) -> Reply:
        """Answer every wish, in order.

        Raises:
            RequestError: There are too many wishes, or the engine refuses one.
            NotReadyError: No model is loaded yet.
        """
        served = self._served()
        if len(wishes) > self._settings.maximum_batch:
            raise RequestError(
                "There are too many customers in one request.",
                value=len(wishes),
                expected=f"at most {self._settings.maximum_batch}",
            )
        known = self._lookup.find(list({wish.customer_id for wish in wishes if wish.customer_id}))
        queries = [self._query(wish, known, served) for wish in wishes]
        found = served.engine.recommend(queries, reasons=reasons)
        fallbacks = [_fallback(wish.customer_id, known) for wish in wishes]
        self._log(served, request_id, wishes, found, fallbacks)
        answers = tuple(Answer(f.items, fallback) for f, fallback in zip(found, fallbacks, strict=True))
        return Reply(request_id, served.engine.version, served.variant, answers)

    def _served(self) -> Served:
        served = self._models.served
        if served is None:
            raise NotReadyError("The model is not loaded yet.")
        return served

    def _query(self, wish: Wish, known: Found, served: Served) -> Query:
        customer = known.customers.get(wish.customer_id)
        within = limits(
            wish.customer_id,
            customer,
            readable=known.readable,
            engine=served.engine,
            families=self._settings.commonly_avoided,
        )
        if not known.readable and wish.customer_id:
            metrics.WITHOUT_STORE.labels("cautious" if within.cautious else "remembered").inc()
        return query(wish, customer, within)

    def _log(
        self,
        served: Served,
        request_id: str,
        wishes: Sequence[Wish],
        found: Sequence[Recommendation],
        fallbacks: Sequence[str],
    ) -> None:
        now = time.time()
        for wish, answer, fallback in zip(wishes, found, fallbacks, strict=True):
            metrics.ANSWERS.labels(served.variant, answer.path, fallback).inc()
            for rule, count in answer.removed.items():
                metrics.REMOVED.labels(rule).inc(count)
            self._impressions.add(
                Impression(
                    request_id=request_id,
                    time=now,
                    customer=customer_hash(wish.customer_id, self._settings.customer_salt) if wish.customer_id else "",
                    variant=served.variant,
                    model_version=served.engine.version,
                    products=orjson.dumps([item.product_id for item in answer.items]).decode(),
                    scores=orjson.dumps([item.score for item in answer.items]).decode(),
                    fallback=fallback,
                )
            )


def _fallback(customer_id: str, known: Found) -> str:
    """What the answer had to do without."""
    if not customer_id:
        return KNOWN
    if not known.readable:
        return STORE_UNAVAILABLE
    return KNOWN if customer_id in known.customers else UNKNOWN_CUSTOMER
