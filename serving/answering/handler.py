"""From recommendation requests to responses: look customers up, ask the model, log what is shown."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from infrastructure.errors import RecommenderError, RequestError
from recommender.contract.query import Item, Recommendation, UnrecognisedWords, customer_hash
from serving.answering.impression_logging import ResolvedRequest, log_impression
from serving.answering.requests import RecommendationRequest, RequestBatch, build_query
from serving.answering.shadow import ShadowScorer
from serving.answering.unrecognised import UnrecognisedLog, refuse_unrecognised
from serving.customers.fallback_constraints import AvoidanceConstraints, fallback_constraints
from serving.customers.lookup import CustomerLookup, CustomerLookupResult
from serving.customers.source import Customer, CustomerSource
from serving.impressions.log import ImpressionSink
from serving.models.loaded_model import LoadedModel
from serving.models.variants import ActiveModels, VariantRouter
from serving.observability.tracing import TraceStep
from settings.serving import ServingSettings

MIXED: Final = "mixed"
KNOWN, UNKNOWN_CUSTOMER, STORE_UNAVAILABLE = "", "unknown_customer", "store_unavailable"
UNKNOWN_PRODUCT: Final = "unknown_product"


class NotReadyError(RecommenderError):
    """No model is loaded yet."""


@dataclass(frozen=True, slots=True)
class RecommendationResponse:
    """The response to one recommendation request, by one model.

    Attributes:
        path: How it was computed, as in ``Recommendation``.
        fallback: Why the response rests on less than it might: "" (it does not), "store_unavailable",
            "unknown_customer" or "unknown_product".
        unrecognised: What of the avoided ingredients, sent or stored, was not understood.
    """

    items: tuple[Item, ...]
    path: str
    fallback: str
    model_version: str
    variant: str
    unrecognised: tuple[UnrecognisedWords, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchResponse:
    """The responses to one batch; each is from one model, different customers' may be from two.

    Attributes:
        steps: What the batch took, in order; batches that are answered together share them.
    """

    request_id: str
    responses: tuple[RecommendationResponse, ...]
    steps: tuple[TraceStep, ...] = ()

    @property
    def variant(self) -> str:
        """The variant that answered all, else "mixed"."""
        return _common_value([response.variant for response in self.responses])

    @property
    def path(self) -> str:
        """The path on which all were answered, else "mixed"."""
        return _common_value([response.path for response in self.responses])


class RecommendationHandler:
    """Answers requests from the models in service and the customers' stored features.

    ``shadow`` takes the requests that a challenger scores without answering them.
    """

    def __init__(
        self,
        models: VariantRouter,
        customers: CustomerSource,
        impressions: ImpressionSink,
        settings: ServingSettings,
        shadow: ShadowScorer | None = None,
    ) -> None:
        self._models = models
        self._lookup = CustomerLookup(customers, settings.remembered_customers, settings.remembered_seconds)
        self._impressions = impressions
        self._settings = settings
        self._shadow = shadow
        self._unrecognised = UnrecognisedLog()

    @property
    def version(self) -> str | None:
        """Version of the champion, None until the first is loaded."""
        models = self._models.active_models()
        return models and models.champion.engine.version

    def respond(
        self, requests: Sequence[RecommendationRequest], request_id: str, *, reasons: bool = True
    ) -> BatchResponse:
        """Answer one batch that nobody waits for; raises what :meth:`respond_to_all` does."""
        return self.respond_to_all([RequestBatch(requests, request_id, reasons)])[0]

    def respond_to_all(self, batches: Sequence[RequestBatch]) -> list[BatchResponse]:
        """Answer batches together: every request, in order.

        Raises:
            RequestError: A batch has too many requests or words, or one avoids what nothing knows and that is refused.
            NotReadyError: No model is loaded yet.
        """
        models = self._models.active_models()
        if models is None:
            raise NotReadyError("The model is not loaded yet.")
        for batch in batches:
            self._check_size(batch)
        began = time.time_ns()
        known = self._lookup.find(
            [*{request.customer_id for batch in batches for request in batch.requests if request.customer_id}]
        )
        looked_up = time.time_ns()
        resolved = [
            self._resolve(request, row, known, models, batch)
            for batch in batches
            for row, request in enumerate(batch.requests)
        ]
        recommendations = _recommendations(resolved)
        steps = TraceStep("store", began, looked_up), TraceStep("model", looked_up, time.time_ns())
        now = time.perf_counter()
        for request, recommendation in zip(resolved, recommendations, strict=True):
            log_impression(request, recommendation, self._impressions, now)
            self._unrecognised.add(recommendation.unrecognised)
            if models.shadow and self._shadow:
                self._shadow.add(models.shadow, request)
        responses = (_response(*both) for both in zip(resolved, recommendations, strict=True))
        return [
            BatchResponse(batch.request_id, tuple(islice(responses, len(batch.requests))), steps) for batch in batches
        ]

    def _check_size(self, batch: RequestBatch) -> None:
        if len(batch.requests) > self._settings.maximum_batch:
            raise RequestError(
                "There are too many customers in one request.",
                value=len(batch.requests),
                expected=f"at most {self._settings.maximum_batch}",
            )
        avoided = {text for request in batch.requests for text in request.profile.avoided_ingredients}
        if (length := sum(map(len, avoided))) > self._settings.maximum_avoided_characters:
            raise RequestError(
                "There are too many different ingredients to avoid in one request.",
                field="avoided_ingredients",
                value=f"{length} characters",
                expected=f"at most {self._settings.maximum_avoided_characters}",
            )

    def _resolve(
        self,
        request: RecommendationRequest,
        row: int,
        known: CustomerLookupResult,
        models: ActiveModels,
        batch: RequestBatch,
    ) -> ResolvedRequest:
        """The request with its customer's stored features and the model that answers it."""
        pseudonym = customer_hash(request.customer_id, self._settings.customer_salt) if request.customer_id else ""
        model = models.for_customer(pseudonym)
        refuse_unrecognised(request, row, model)
        customer, unread = known.customers.get(request.customer_id), request.customer_id in known.unread
        constraints = fallback_constraints(
            request.customer_id,
            customer,
            readable=not unread,
            engine=model.engine,
            families=self._settings.commonly_avoided,
        )
        return ResolvedRequest(
            batch,
            pseudonym,
            request,
            build_query(request, customer, constraints),
            _fallback(request, known, model),
            model,
            _store_replacement(customer, constraints) if unread else "",
        )


def _recommendations(requests: Sequence[ResolvedRequest]) -> list[Recommendation]:
    """What the models recommend, in order; each model is asked for all its customers together."""
    recommended = {
        variant: iter(cache.recommend([request.cache_key for request in requests if request.model.variant == variant]))
        for variant, cache in {request.model.variant: request.model.cache for request in requests}.items()
    }
    return [next(recommended[request.model.variant]) for request in requests]


def _response(request: ResolvedRequest, recommendation: Recommendation) -> RecommendationResponse:
    model = request.model
    return RecommendationResponse(
        recommendation.items,
        recommendation.path,
        request.fallback,
        model.engine.version,
        model.variant,
        recommendation.unrecognised,
    )


def _common_value(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else MIXED


def _store_replacement(customer: Customer | None, constraints: AvoidanceConstraints) -> str:
    """What took the store's place where it could not be read."""
    return "cautious" if constraints.cautious else "remembered" if customer else "neither"


def _fallback(request: RecommendationRequest, known: CustomerLookupResult, model: LoadedModel) -> str:
    """What the response had to do without, the most important first."""
    if request.customer_id in known.unread:
        return STORE_UNAVAILABLE
    if request.customer_id and request.customer_id not in known.customers:
        return UNKNOWN_CUSTOMER
    if any(product not in model.engine.catalogue.index for product in request.named_products):
        return UNKNOWN_PRODUCT
    return KNOWN
