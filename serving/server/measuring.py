"""What is counted, timed, traced and logged of every request for recommendations."""

import logging
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from serving.answering.answering import Reply
from serving.observability import logs, metrics, tracing
from serving.protocol.http import error_response

logger = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]


def arrival(request: Request) -> float:
    """When a measured request came, by ``time.perf_counter``."""
    return request.state.arrived


def remember(request: Request, reply: Reply) -> None:
    """Let what measures this request know what was answered."""
    request.state.reply = reply


def measured(protocol: str, endpoint: Endpoint, *, log_requests: bool) -> Endpoint:
    """The endpoint, observed; whatever goes wrong in it becomes a JSON error.

    Args:
        protocol: Its name in the metrics.
        endpoint: Calls :func:`remember` with what it answers.
        log_requests: Whether each request leaves a line in the log.
    """

    async def observed(request: Request) -> Response:
        start = request.state.arrived = time.perf_counter()
        with tracing.request_span(f"recommender.{protocol}", request.headers) as span:
            try:
                response = await endpoint(request)
            except Exception as error:  # the one place where a bug in a request becomes an answer
                response = error_response(error)
            reply: Reply | None = getattr(request.state, "reply", None)
            facts = _facts(protocol, response, reply) if log_requests or span.is_recording() else {}
            if span.is_recording():
                tracing.add_steps(reply.steps if reply else ())
                span.set_attributes({f"recommender.{name}": value for name, value in facts.items()})
        seconds = time.perf_counter() - start
        _count(protocol, response.status_code, *(reply.variant, reply.path) if reply else ("", ""), seconds=seconds)
        if log_requests:
            logger.info("answered", extra=logs.fields(**facts, milliseconds=round(seconds * 1000, 3)))
        return response

    return observed


def _facts(protocol: str, response: Response, reply: Reply | None) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"protocol": protocol, "status": response.status_code}
    if reply:
        facts |= {"request_id": reply.request_id, "customers": len(reply.answers)}
        facts |= {"variant": reply.variant, "path": reply.path}
    return facts


def _count(protocol: str, status: int, variant: str, path: str, *, seconds: float) -> None:
    metrics.REQUEST_SECONDS.labels(protocol, variant, path).observe(seconds)
    metrics.REQUESTS.labels(protocol, str(status)).inc()
