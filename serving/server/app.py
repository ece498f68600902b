"""The routes of the Open Inference Protocol, V1 and V2, as one Starlette application.

Specifications: https://github.com/kserve/open-inference-protocol and, for V1,
https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
"""

from collections.abc import Sequence
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Lifespan

from infrastructure.bearer_tokens import BearerTokens
from infrastructure.http_service import read_body
from serving.answering.admission import AdmissionControl
from serving.answering.handler import BatchResponse, RecommendationHandler
from serving.answering.requests import RecommendationRequest, RequestBatch
from serving.observability import logs, metrics
from serving.protocol import openapi
from serving.protocol import v1 as protocol_v1
from serving.protocol import v2 as protocol_v2
from serving.protocol.http import handle_http_error, header_length, json_response, request_id
from serving.server.connection_balancer import ConnectionBalancer
from serving.server.instrumentation import Endpoint, arrival, instrumented, record_response
from serving.server.middleware import BearerAuthMiddleware
from settings.serving import ServingSettings

MODEL: Final = "recommender"
PLATFORM: Final = "beauty-recommender"

_ALL_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

HEALTH_PATHS: Final = ("/v2/health", f"/v2/models/{MODEL}/ready", f"/v1/models/{MODEL}")
METRICS_PATH: Final = "/metrics"


def create_app(
    handler: RecommendationHandler,
    settings: ServingSettings,
    admission: AdmissionControl[RequestBatch, BatchResponse] | None = None,
    tokens: BearerTokens | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """The application in front of ``handler``, open to everyone unless there are tokens."""
    return Starlette(
        routes=InferenceApi(handler, settings, admission or make_admission_control(handler, settings)).routes(),
        middleware=[Middleware(BearerAuthMiddleware, tokens, _open_paths(settings))] if tokens else [],
        exception_handlers={HTTPException: handle_http_error},
        lifespan=lifespan,
    )


def make_admission_control(
    handler: RecommendationHandler, settings: ServingSettings
) -> AdmissionControl[RequestBatch, BatchResponse]:
    """Admission control in front of ``handler``, as the settings say."""
    return AdmissionControl(
        handler.respond_to_all, settings.maximum_waiting, settings.maximum_wait_seconds, settings.answered_together
    )


def _open_paths(settings: ServingSettings) -> list[str]:
    """Prefixes of the paths that need no token, for a cluster's probes and Prometheus, unless the settings say no."""
    return [*(HEALTH_PATHS if settings.open_health else ()), *([METRICS_PATH] if settings.open_metrics else [])]


class InferenceApi:
    """The protocol's endpoints."""

    def __init__(
        self,
        handler: RecommendationHandler,
        settings: ServingSettings,
        admission: AdmissionControl[RequestBatch, BatchResponse],
    ) -> None:
        self._handler = handler
        self._settings = settings
        self._admission = admission
        self._balancer = ConnectionBalancer(admission)

    def routes(self) -> list[Route]:
        """Every route, the busiest first."""
        return [
            Route("/v2/models/{model}/infer", self._instrumented("v2", self.infer), methods=["POST"]),
            Route("/v1/models/{model}:predict", self._instrumented("v1", self.predict), methods=["POST"]),
            Route("/v2/health/live", self.live),
            Route("/v2/health/ready", self.ready),
            Route("/v2/models/{model}/ready", self.model_ready),
            Route("/v2/models/{model}", self.model_metadata),
            Route("/v2", self.server_metadata),
            Route("/v1/models", self.models),
            Route("/v1/models/{model}", self.model_ready),
            Route(METRICS_PATH, self.metrics),
            Route(openapi.PATH, self.openapi),
            Route("/", self.alive),
            Route("/{path:path}", self.unknown, methods=_ALL_METHODS, include_in_schema=False),
        ]

    async def infer(self, request: Request) -> Response:
        """V2: tensors in, tensors out."""
        body = await self._body(request)
        decoded = protocol_v2.decode(body, header_length(request), self._settings.default_k)
        reasons = protocol_v2.REASONS in decoded.outputs
        batch = await self._respond(request, decoded.requests, decoded.request_id, reasons=reasons)
        content, json_length = protocol_v2.encode(batch, decoded)
        if json_length is None:
            return Response(content, media_type="application/json")
        headers = {protocol_v2.HEADER_LENGTH: str(json_length)}
        return Response(content, headers=headers, media_type="application/octet-stream")

    async def predict(self, request: Request) -> Response:
        """V1: instances in, predictions out."""
        body = await self._body(request)
        batch = await self._respond(request, protocol_v1.decode(body, self._settings.default_k))
        return json_response(protocol_v1.encode(batch))

    async def alive(self, _: Request) -> Response:
        """V1: whether the process runs."""
        return json_response({"status": "alive"})

    async def live(self, _: Request) -> Response:
        """V2: whether the process runs."""
        return json_response({"live": True})

    async def ready(self, _: Request) -> Response:
        """V2: whether requests can be answered."""
        return self._readiness({})

    async def model_ready(self, request: Request) -> Response:
        """V1 and V2: whether the model can answer."""
        _check_model(request)
        return self._readiness({"name": MODEL})

    async def model_metadata(self, request: Request) -> Response:
        """V2: the model's inputs and outputs."""
        _check_model(request)
        return json_response(
            {
                "name": MODEL,
                "versions": [version] if (version := self._handler.version) else [],
                "platform": PLATFORM,
                "inputs": protocol_v2.INPUTS,
                "outputs": protocol_v2.OUTPUTS,
            }
        )

    async def server_metadata(self, _: Request) -> Response:
        """V2: the server, its version being that of the model it serves."""
        version = self._handler.version or ""
        return json_response({"name": PLATFORM, "version": version, "extensions": ["binary_tensor_data"]})

    async def models(self, _: Request) -> Response:
        """V1: the names of the models."""
        return json_response({"models": [MODEL]})

    async def metrics(self, _: Request) -> Response:
        """Prometheus' text format."""
        return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)

    async def openapi(self, _: Request) -> Response:
        """The OpenAPI document of these routes."""
        return json_response(openapi.openapi_document(MODEL))

    async def unknown(self, request: Request) -> Response:
        """Whatever has no route: an error in JSON, also where this application is mounted in another."""
        others = request.app.routes[:-1]
        wrong_method = any(route.matches(request.scope)[0] is Match.PARTIAL for route in others)
        raise HTTPException(405 if wrong_method else 404)

    def _instrumented(self, protocol: str, endpoint: Endpoint) -> Endpoint:
        return self._balancer.balanced(instrumented(protocol, endpoint, log_requests=self._settings.log_requests))

    async def _body(self, request: Request) -> bytes:
        """The body of a request, unless too many others wait."""
        _check_model(request)
        body = await read_body(request, self._settings.maximum_body_bytes)
        self._admission.check_capacity()
        return body

    async def _respond(
        self,
        request: Request,
        requests: Sequence[RecommendationRequest],
        body_id: str | None = None,
        *,
        reasons: bool = True,
    ) -> BatchResponse:
        """The responses to a request, when its turn has come; the log names the request by its id from here on."""
        batch_id = body_id or request_id(request)
        logs.REQUEST_ID.set(batch_id)
        batch = RequestBatch(requests, batch_id, reasons, arrival(request))
        response = await self._admission.submit(batch, len(requests))
        record_response(request, response)
        return response

    def _readiness(self, subject: dict[str, Any]) -> Response:
        ready = self._handler.version is not None
        return json_response({**subject, "ready": ready}, status=200 if ready else 503)


def _check_model(request: Request) -> None:
    if request.path_params["model"] != MODEL:
        raise HTTPException(404, f"There is no such model; this server has '{MODEL}'.")
