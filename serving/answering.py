"""From what a client asks to what it is told: customers are looked up, the engine asked, the answer logged."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import orjson

from recommender.errors import RecommenderError, RequestError
from recommender.pseudonym import customer_hash
from recommender.query import Item, Profile, Query, Recommendation
from serving import metrics
from serving.contract import Instance, ProfileMessage
from serving.customers import Customer, CustomerSource, StoreUnavailableError
from serving.impressions import Impression, ImpressionSink
from serving.state import ModelHolder, Served

KNOWN, UNKNOWN_CUSTOMER, STORE_UNAVAILABLE = "", "unknown_customer", "store_unavailable"


class NotReadyError(RecommenderError):
    """No model is loaded yet."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for one customer.

    Attributes:
        customer_id: "" for nobody in particular: an anonymous basket.
        recent: Products that the caller knows of and the store may not, oldest first.
    """

    customer_id: str
    k: int
    profile: Profile = field(default_factory=Profile)
    recent: tuple[str, ...] = ()

    @classmethod
    def of(cls, instance: Instance, default_k: int) -> Self:
        """The wish in a client's message."""
        profile = instance.profile or ProfileMessage()
        return cls(instance.customer_id, instance.k or default_k, profile.profile(), profile.recent or ())


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
        maximum_batch: Wishes in one request.
        customer_salt: Secret of the pseudonyms in the log.
    """

    def __init__(
        self,
        models: ModelHolder,
        customers: CustomerSource,
        impressions: ImpressionSink,
        *,
        maximum_batch: int,
        customer_salt: str = "",
    ) -> None:
        self._models = models
        self._customers = customers
        self._impressions = impressions
        self._maximum_batch = maximum_batch
        self._customer_salt = customer_salt

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
        if len(wishes) > self._maximum_batch:
            raise RequestError(
                "There are too many customers in one request.",
                value=len(wishes),
                expected=f"at most {self._maximum_batch}",
            )
        known, missing = self._look_up(wishes)
        queries = [_query(wish, known.get(wish.customer_id)) for wish in wishes]
        found = served.engine.recommend(queries, reasons=reasons)
        fallbacks = [KNOWN if not w.customer_id or w.customer_id in known else missing for w in wishes]
        self._log(served, request_id, wishes, found, fallbacks)
        answers = tuple(Answer(f.items, fallback) for f, fallback in zip(found, fallbacks, strict=True))
        return Reply(request_id, served.engine.version, served.variant, answers)

    def _served(self) -> Served:
        served = self._models.served
        if served is None:
            raise NotReadyError("The model is not loaded yet.")
        return served

    def _look_up(self, wishes: Sequence[Wish]) -> tuple[dict[str, Customer], str]:
        """The known customers, and what the others' answers are flagged with."""
        ids = list({wish.customer_id for wish in wishes if wish.customer_id})
        try:
            return self._customers.read(ids) if ids else {}, UNKNOWN_CUSTOMER
        except StoreUnavailableError:
            return {}, STORE_UNAVAILABLE

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
                    customer=customer_hash(wish.customer_id, self._customer_salt) if wish.customer_id else "",
                    variant=served.variant,
                    model_version=served.engine.version,
                    products=orjson.dumps([item.product_id for item in answer.items]).decode(),
                    scores=orjson.dumps([item.score for item in answer.items]).decode(),
                    fallback=fallback,
                )
            )


def _query(wish: Wish, customer: Customer | None) -> Query:
    """The wish laid over what is stored: avoided ingredients are united, recent products come last."""
    stored = customer or Customer()
    return Query(
        customer_id=wish.customer_id,
        k=wish.k,
        products=stored.products + wish.recent,
        times=stored.times + (int(time.time()),) * len(wish.recent) if stored.times else (),
        dismissed=stored.dismissed,
        profile=replace(
            wish.profile,
            age=_age(stored.birth_year) if wish.profile.age is None else wish.profile.age,
            region=wish.profile.region or stored.region,
            skin_type=wish.profile.skin_type or stored.skin_type,
            concerns=wish.profile.concerns or stored.concerns,
            avoided_ingredients=tuple(dict.fromkeys(stored.avoided_ingredients + wish.profile.avoided_ingredients)),
        ),
        now=int(time.time()),
    )


def _age(birth_year: int | None) -> int | None:
    return None if birth_year is None else max(0, time.gmtime().tm_year - birth_year)
