"""From what a client asks to what it is told: customers are looked up, the engine asked, the answer logged."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from infrastructure.errors import RecommenderError, RequestError
from recommender.contract.query import Item, Recommendation, customer_hash
from serving.answering.impression_logging import Asked, expose
from serving.answering.requests import Call, Wish, query
from serving.answering.shadow import Shadow
from serving.customers.fallback_constraints import Limits, limits
from serving.customers.lookup import Found, Lookup
from serving.customers.source import Customer, CustomerSource
from serving.impressions.log import ImpressionSink
from serving.models.loaded_model import Served
from serving.models.variants import Models, Pair
from serving.observability.tracing import Step
from settings.serving import ServingSettings

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
    """The answers to one request; a customer's is from one model, different customers' may be from two.

    Attributes:
        steps: What they took, in order; requests that are answered together have them in common.
    """

    request_id: str
    answers: tuple[Answer, ...]
    steps: tuple[Step, ...] = ()

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

    def answer(self, wishes: Sequence[Wish], request_id: str, *, reasons: bool = True) -> Reply:
        """Answer one request that nobody waits for; raises what :meth:`answers` does."""
        return self.answers([Call(wishes, request_id, reasons)])[0]

    def answers(self, calls: Sequence[Call]) -> list[Reply]:
        """Answer requests together: every wish, in order.

        Raises:
            RequestError: A request has too many wishes, or the engine refuses one.
            NotReadyError: No model is loaded yet.
        """
        models = self._models.now()
        if models is None:
            raise NotReadyError("The model is not loaded yet.")
        for call in calls:
            self._check(call)
        began = time.time_ns()
        known = self._lookup.find([*{wish.customer_id for call in calls for wish in call.wishes if wish.customer_id}])
        looked_up = time.time_ns()
        asked = [self._asked(wish, known, models, call) for call in calls for wish in call.wishes]
        found = _found(asked)
        steps = Step("store", began, looked_up), Step("model", looked_up, time.time_ns())
        now = time.perf_counter()
        for one, answer in zip(asked, found, strict=True):
            expose(one, answer, self._impressions, now)
            if models.watching and self._shadow:
                self._shadow.add(models.watching, one)
        answers = (_answer(*both) for both in zip(asked, found, strict=True))
        return [Reply(call.request_id, tuple(islice(answers, len(call.wishes))), steps) for call in calls]

    def _check(self, call: Call) -> None:
        if len(call.wishes) > self._settings.maximum_batch:
            raise RequestError(
                "There are too many customers in one request.",
                value=len(call.wishes),
                expected=f"at most {self._settings.maximum_batch}",
            )

    def _asked(self, wish: Wish, known: Found, models: Pair, call: Call) -> Asked:
        pseudonym = customer_hash(wish.customer_id, self._settings.customer_salt) if wish.customer_id else ""
        served = models.of(pseudonym)
        customer, unread = known.customers.get(wish.customer_id), wish.customer_id in known.unread
        within = limits(
            wish.customer_id,
            customer,
            readable=not unread,
            engine=served.engine,
            families=self._settings.commonly_avoided,
        )
        return Asked(
            call,
            pseudonym,
            wish,
            query(wish, customer, within),
            _fallback(wish, known, served),
            served,
            _instead(customer, within) if unread else "",
        )


def _found(asked: Sequence[Asked]) -> list[Recommendation]:
    """What the models answer; each is asked for all its customers together."""
    answers = {
        variant: iter(answers.to([one.question for one in asked if one.served.variant == variant]))
        for variant, answers in {one.served.variant: one.served.answers for one in asked}.items()
    }
    return [next(answers[one.served.variant]) for one in asked]


def _answer(asked: Asked, found: Recommendation) -> Answer:
    return Answer(found.items, found.path, asked.fallback, asked.served.engine.version, asked.served.variant)


def _common(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else MIXED


def _instead(customer: Customer | None, within: Limits) -> str:
    """What took the store's place where it could not be read."""
    return "cautious" if within.cautious else "remembered" if customer else "neither"


def _fallback(wish: Wish, known: Found, served: Served) -> str:
    """What the answer had to do without, the weightiest first."""
    if wish.customer_id in known.unread:
        return STORE_UNAVAILABLE
    if wish.customer_id and wish.customer_id not in known.customers:
        return UNKNOWN_CUSTOMER
    if any(product not in served.engine.catalogue.index for product in wish.named):
        return UNKNOWN_PRODUCT
    return KNOWN
