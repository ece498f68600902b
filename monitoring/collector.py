"""The collector: a small service that takes events and answers once they are durable."""

import json
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monitoring import metrics
from monitoring.events import Event, parse
from monitoring.store import EventLog
from recommender.config.monitoring import CollectorSettings
from recommender.tokens import Tokens
from recommender.workspace import Workspace

logger = logging.getLogger(__name__)

#: Called with the log after events were added to it: tells the online store what it waits for.
Shown = Callable[[EventLog], None]

_OUTCOMES: Final = ("accepted", "duplicate", "rejected")


class BodyError(Exception):
    """The body as a whole cannot be read, so no row can be judged by itself."""

    def __init__(self, status: int, problem: str) -> None:
        self.status = status
        super().__init__(problem)


class Collector:
    """The routes of the service over one event log.

    Args:
        log: Where events are kept.
        settings: Limits of a request.
        show: Brings the events that wait in the log to the online store; None where there is none.
        tokens: Who may send events; None for everyone.
        workspace: Of the shop, whose last round of monitoring ``/metrics`` tells of; None for the collector's own.
    """

    def __init__(
        self,
        log: EventLog,
        settings: CollectorSettings,
        show: Shown | None = None,
        tokens: Tokens | None = None,
        workspace: Workspace | None = None,
    ) -> None:
        self.workspace = workspace
        self.log = log
        self.tokens = tokens
        self.settings = settings
        self.show = show

    def app(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/v1/events", self.collect, methods=["POST"]),
            Route("/health/live", self.live),
            Route("/health/ready", self.live),
            Route("/metrics", self.metrics),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan, exception_handlers={BodyError: _body_error})

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncGenerator[None]:
        await run_in_threadpool(self._show)
        yield
        self.log.close()

    async def collect(self, request: Request) -> Response:
        """``POST /v1/events``: 200 when any row was taken or known already, 422 when none, 401 without a token."""
        if self.tokens and not self.tokens.admits(request.headers.get("authorization", "")):
            return JSONResponse({"error": "A valid bearer token is needed."}, 401, {"www-authenticate": "Bearer"})
        rows = _rows(await self._body(request), self.settings.maximum_events)
        events, rejected = parse(rows, latest=time.time() + self.settings.clock_skew_seconds)
        accepted = await run_in_threadpool(self._keep, events)
        for outcome, count in zip(_OUTCOMES, (accepted, len(events) - accepted, len(rejected)), strict=True):
            metrics.EVENTS.labels(outcome).inc(count)
        answer = {
            "accepted": accepted,
            "duplicates": len(events) - accepted,
            "rejected": [rejection.model_dump() for rejection in rejected],
        }
        return JSONResponse(answer, status_code=200 if events else 422)

    async def live(self, _: Request) -> Response:
        """``GET /health/live`` and ``/health/ready``: the log is open and waiting events are shown."""
        return JSONResponse({"live": True})

    async def metrics(self, _: Request) -> Response:
        """``GET /metrics``: of the collector, and what the last round of monitoring found."""
        text = await run_in_threadpool(metrics.exposition, self.workspace)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    async def _body(self, request: Request) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > self.settings.maximum_bytes:
                raise BodyError(413, f"The body is larger than {self.settings.maximum_bytes} bytes.")
            parts.append(part)
        return b"".join(parts)

    def _keep(self, events: list[Event]) -> int:
        accepted = self.log.add(events)
        self._show()
        return accepted

    def _show(self) -> None:
        """An online store that fails costs nobody an event: what waits is shown with the next ones."""
        if self.show is None:
            return
        try:
            self.show(self.log)
        except Exception:
            metrics.ONLINE_FAILURES.inc()
            logger.exception("the online store could not be told; its events wait in the log")


def _rows(body: bytes, maximum: int) -> list[Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BodyError(400, "The body is not JSON.") from None
    rows = content.get("events") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        raise BodyError(400, 'The body must be {"events": [...]}.')
    if len(rows) > maximum:
        raise BodyError(413, f"{len(rows)} events in one request; at most {maximum} are taken.")
    return rows


async def _body_error(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=error.status if isinstance(error, BodyError) else 400)
