"""From what a client asks to what it is told: customers are looked up, the engine asked, the answer logged."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recommender.config.serving import ServingSettings
from recommender.errors import RecommenderError, RequestError
from recommender.pseudonym import customer_hash
from recommender.query import Item, Query, Recommendation
from serving import metrics, tracing
from serving.caution import limits
from serving.customers import CustomerSource
from serving.exposures import Asked, expose
from serving.impressions import ImpressionSink
from serving.lookup import Found, Lookup
from serving.shadow import Shadow
from serving.state import Served
from serving.variants import Models, Pair
from serving.wishes import Wish, query

MIXED: Final = "mixed"
KNOWN, UNKNOWN_CUSTOMER, STORE_UNAVAILABLE = "", "unknown_customer", "store_unavailable"
UNKNOWN_PRODUCT: Final = "unknown_product"


class NotReadyError(RecommenderError):
    """No model is loaded yet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client is told for one wish, by one model.

    Attributes:
        path: Which way it was found, as in ``Recommendation``.
        fallback: Why the answer rests on less than it might: "" (it does not), "store_unavailable",
            "unknown_customer" or "unknown_product".
    """

    items: tuple[Item, ...]
    path: str
    fallback: str
    model_version: str
    variant: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers to one request; a customer's is from one model, different customers' may be from two."""

    request_id: str
    answers: tuple[Answer, ...]

    @property
    def variant(self) -> str:
        """The variant that answered all, else "mixed"."""
        return _common([answer.variant for answer in self.answers])

    @property
    def path(self) -> str:
        """The path on which all were answered, else "mixed"."""
        return _common([answer.path for answer in self.answers])


class Answerer:
    """Answers requests from the models in service and the customers' stored features.

    Args:
        models: The models in service.
        customers: The online store.
        impressions: Takes what was shown.
        settings: How the endpoint answers.
        shadow: Takes what a challenger shall score along.
    """

    def __init__(
        self,
        models: Models,
        customers: CustomerSource,
        impressions: ImpressionSink,
        settings: ServingSettings,
        shadow: Shadow | None = None,
    ) -> None:
        self._models = models
        self._lookup = Lookup(customers, settings.remembered_customers, settings.remembered_seconds)
        self._impressions = impressions
        self._settings = settings
        self._shadow = shadow

    @property
    def version(self) -> str | None:
        """Version of the champion, None until the first is loaded."""
        models = self._models.now()
        return models and models.champion.engine.version

    def answer(
        self, wishes: Sequence[Wish], request_id: str, *, reasons: bool = True, arrived: float | None = None
    ) -> Reply:
        """Answer every wish, in order.

        Args:
            wishes: One a customer.
            request_id: Names the answers in the log.
            reasons: Whether each product comes with its reasons.
            arrived: When the request came, by ``time.perf_counter``; None where nobody waits for the answer.

        Raises:
            RequestError: There are too many wishes, or the engine refuses one.
            NotReadyError: No model is loaded yet.
        """
        models = self._models.now()
        if models is None:
            raise NotReadyError("The model is not loaded yet.")
        if len(wishes) > self._settings.maximum_batch:
            raise RequestError(
                "There are too many customers in one request.",
                value=len(wishes),
                expected=f"at most {self._settings.maximum_batch}",
            )
        with tracing.span("store"):
            known = self._lookup.find(list({wish.customer_id for wish in wishes if wish.customer_id}))
        asked = [self._asked(wish, known, models, request_id) for wish in wishes]
        with tracing.span("model"):
            answers = [one.served.answer(one.query, reasons=reasons) for one in asked]
        seconds = None if arrived is None else time.perf_counter() - arrived
        for one, answer in zip(asked, answers, strict=True):
            expose(one, answer, self._impressions, seconds)
            if models.watching and self._shadow:
                self._shadow.add(models.watching, one)
        return Reply(request_id, tuple(_answer(*both) for both in zip(asked, answers, strict=True)))

    def _asked(self, wish: Wish, known: Found, models: Pair, request_id: str) -> Asked:
        pseudonym = customer_hash(wish.customer_id, self._settings.customer_salt) if wish.customer_id else ""
        served = models.of(pseudonym)
        query = self._query(wish, known, served)
        return Asked(request_id, pseudonym, wish, query, _fallback(wish, known, served), served)

    def _query(self, wish: Wish, known: Found, served: Served) -> Query:
        customer = known.customers.get(wish.customer_id)
        within = limits(
            wish.customer_id,
            customer,
            readable=wish.customer_id not in known.unread,
            engine=served.engine,
            families=self._settings.commonly_avoided,
        )
        if wish.customer_id in known.unread:
            metrics.WITHOUT_STORE.labels(
                "cautious" if within.cautious else "remembered" if customer else "neither"
            ).inc()
        return query(wish, customer, within)


def _answer(asked: Asked, found: Recommendation) -> Answer:
    return Answer(found.items, found.path, asked.fallback, asked.served.engine.version, asked.served.variant)


def _common(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else MIXED


def _fallback(wish: Wish, known: Found, served: Served) -> str:
    """What the answer had to do without, the weightiest first."""
    if wish.customer_id in known.unread:
        return STORE_UNAVAILABLE
    if wish.customer_id and wish.customer_id not in known.customers:
        return UNKNOWN_CUSTOMER
    if any(product not in served.engine.catalogue.index for product in wish.named):
        return UNKNOWN_PRODUCT
    return KNOWN
