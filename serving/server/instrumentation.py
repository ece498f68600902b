"""Metrics, traces and log lines of every request for recommendations."""

import logging
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from serving.answering.handler import BatchResponse
from serving.observability import logs, metrics, tracing
from serving.protocol.http import response_to_error

logger = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


def arrival(request: Request) -> float:
    """When an instrumented request came, by ``time.perf_counter``."""
    return request.state.arrived


def record_response(request: Request, response: BatchResponse) -> None:
    """Let the instrumentation of this request know how it was answered."""
    request.state.batch_response = response


def instrumented(protocol: str, endpoint: Endpoint, *, log_requests: bool) -> Endpoint:
    """The endpoint with metrics, traces and, if wanted, log lines; whatever goes wrong in it becomes a JSON error.

    It calls :func:`record_response` with what it answers.
    """

    async def respond(request: Request) -> Response:
        start = request.state.arrived = time.perf_counter()
        with tracing.request_span(f"recommender.{protocol}", request.headers) as span:
            try:
                response = await endpoint(request)
            except Exception as error:  # the one place where a bug in a request becomes an answer
                response = response_to_error(error)
            batch: BatchResponse | None = getattr(request.state, "batch_response", None)
            facts = _facts(protocol, response, batch) if log_requests or span.is_recording() else {}
            if span.is_recording():
                tracing.add_steps(batch.steps if batch else ())
                span.set_attributes({f"recommender.{name}": value for name, value in facts.items()})
        seconds = time.perf_counter() - start
        _count(protocol, response.status_code, *(batch.variant, batch.path) if batch else ("", ""), seconds=seconds)
        if log_requests:
            logger.info("answered", extra=logs.fields(**facts, milliseconds=round(seconds * 1000, 3)))
        return response

    return respond


def _facts(protocol: str, response: Response, batch: BatchResponse | None) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"protocol": protocol, "status": response.status_code}
    if batch:
        facts |= {"request_id": batch.request_id, "customers": len(batch.responses)}
        facts |= {"variant": batch.variant, "path": batch.path}
    return facts


def _count(protocol: str, status: int, variant: str, path: str, *, seconds: float) -> None:
    metrics.REQUEST_SECONDS.labels(protocol, variant, path).observe(seconds)
    metrics.REQUESTS.labels(protocol, str(status)).inc()
