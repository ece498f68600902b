"""The collector: a small service that takes events and impressions, and answers once they are durable."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter
from prometheus_client.registry import Collector as MetricsCollector
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from feedback import metrics
from feedback.event_log import EventLog
from feedback.events import Rejection, parse
from feedback.impressions import TABLES, ImpressionStore
from feedback.impressions import parse as parse_impressions
from infrastructure.bearer_tokens import BearerTokens
from settings.monitoring import CollectorSettings

logger = logging.getLogger(__name__)

#: Called with the log after events were added to it, and now and then: tells the online store what waits for it.
Shown = Callable[[EventLog], None]

EVENTS: Final = "events"
IMPRESSIONS: Final = "impressions"
_OUTCOMES: Final = ("accepted", "duplicate", "rejected")
_RETRY_SECONDS: Final = 1


class BodyError(Exception):
    """The request as a whole cannot be taken, so no row can be judged by itself."""

    def __init__(self, status: int, problem: str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.headers = headers
        super().__init__(problem)


class Collector:
    """The routes of the service over one event log.

    Args:
        log: Where events are kept.
        settings: Limits of a request.
        show: Brings the events that wait in the log to the online store; None where there is none.
        tokens: Who may send events; None for everyone.
        impressions: Where what was shown is kept; None where endpoints keep it themselves.
        other_metrics: What ``/metrics`` tells of besides the collector's own, such as the last round of monitoring.
    """

    def __init__(
        self,
        log: EventLog,
        settings: CollectorSettings,
        show: Shown | None = None,
        tokens: BearerTokens | None = None,
        other_metrics: MetricsCollector | None = None,
        impressions: ImpressionStore | None = None,
    ) -> None:
        self.other_metrics = other_metrics
        self.impressions = impressions
        self._looking, self._found = False, True
        self.log = log
        self.tokens = tokens
        self.settings = settings
        self.show = show
        self._telling, self._failed = asyncio.Lock(), False

    def app(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/v1/events", self.collect, methods=["POST"]),
            Route("/v1/impressions", self.collect_impressions, methods=["POST"]),
            Route("/health/live", self.live),
            Route("/health/ready", self.ready),
            Route("/metrics", self.metrics),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan, exception_handlers=self._handlers())

    def _handlers(self) -> dict[Any, Any]:
        return {BodyError: _body_error, **dict.fromkeys(self.log.away, _away)}

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncGenerator[None]:
        stop = asyncio.Event()
        telling = asyncio.create_task(self._keep_telling(stop))
        yield
        stop.set()
        await telling
        self.log.close()
        if self.impressions:
            self.impressions.close()

    async def collect(self, request: Request) -> Response:
        """``POST /v1/events``: 200 when any row was taken or known already, 422 when none, 401 without a token."""
        self._admit(request)
        rows = _rows(_object(await self._body(request)), EVENTS, self.settings.maximum_events)
        events, rejected = parse(rows, latest=time.time() + self.settings.clock_skew_seconds)
        accepted = await run_in_threadpool(self.log.add, events)
        if not self._failed:
            await self._tell()
        return _answer(metrics.EVENTS, len(events), accepted, rejected)

    async def collect_impressions(self, request: Request) -> Response:
        """``POST /v1/impressions``: what an endpoint has shown; it answers as ``/v1/events`` does."""
        self._admit(request)
        if self.impressions is None:
            raise BodyError(404, "Impressions are kept in a file here, which endpoints write themselves.")
        content = _object(await self._body(request))
        table = content.get("table", TABLES[0])
        if table not in TABLES:
            raise BodyError(400, f"The table is none of {', '.join(TABLES)}.")
        shown, rejected = parse_impressions(_rows(content, IMPRESSIONS, self.settings.maximum_events))
        accepted = await run_in_threadpool(self.impressions.add, shown, table)
        return _answer(metrics.IMPRESSIONS, len(shown), accepted, rejected)

    async def live(self, _: Request) -> Response:
        """``GET /health/live``: the process runs."""
        return JSONResponse({"live": True})

    async def ready(self, _: Request) -> Response:
        """``GET /health/ready``: the log's database answers now; 503 where it does not."""
        ready = await self._look()
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    async def _look(self) -> bool:
        """One look at a time: others that ask meanwhile are told what the last one found."""
        if not self._looking:
            self._looking = True
            try:
                await run_in_threadpool(self.log.check)
                self._found = True
            except self.log.away:
                self._found = False
            finally:
                self._looking = False
        return self._found

    def _admit(self, request: Request) -> None:
        if self.tokens and not self.tokens.admits(request.headers.get("authorization", "")):
            raise BodyError(401, "A valid bearer token is needed.", {"www-authenticate": "Bearer"})

    async def metrics(self, _: Request) -> Response:
        """``GET /metrics``: of the collector, and what the last round of monitoring found."""
        text = await run_in_threadpool(metrics.exposition, self.other_metrics)
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

    async def _keep_telling(self, stop: asyncio.Event) -> None:
        """Tell what waits now and then: a store that was away, or was emptied, needs no new event to be told."""
        while not stop.is_set():
            await self._tell(again=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.settings.online_seconds)

    async def _tell(self, again: bool = False) -> None:
        """Tell the store what waits, in one thread at a time: one that hangs holds no other request's.

        Args:
            again: Ask one that has failed as well.
        """
        async with self._telling:
            if self.show and (again or not self._failed):
                self._failed = not await run_in_threadpool(self._shown, self.show)

    def _shown(self, show: Shown) -> bool:
        """Whether the store was told; one that fails costs nobody an event, and what waits is told later."""
        try:
            show(self.log)
        except Exception:
            metrics.ONLINE_FAILURES.inc()
            logger.exception("the online store could not be told; its events wait in the log")
            return False
        return True


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BodyError(400, "The body is not JSON.") from None
    return content if isinstance(content, dict) else {}


def _rows(content: dict[str, Any], name: str, maximum: int) -> list[Any]:
    rows = content.get(name)
    if not isinstance(rows, list):
        raise BodyError(400, f'The body must be {{"{name}": [...]}}.')
    if len(rows) > maximum:
        raise BodyError(413, f"{len(rows)} {name} in one request; at most {maximum} are taken.")
    return rows


def _answer(counter: Counter, good: int, accepted: int, rejected: list[Rejection]) -> Response:
    for outcome, count in zip(_OUTCOMES, (accepted, good - accepted, len(rejected)), strict=True):
        counter.labels(outcome).inc(count)
    found = [rejection.model_dump() for rejection in rejected]
    answer = {"accepted": accepted, "duplicates": good - accepted, "rejected": found}
    return JSONResponse(answer, status_code=200 if good else 422)


async def _body_error(_: Request, error: Exception) -> Response:
    known = error if isinstance(error, BodyError) else BodyError(400, str(error))
    return JSONResponse({"error": str(known)}, status_code=known.status, headers=known.headers)


async def _away(_: Request, error: Exception) -> Response:
    """Nothing was taken; whoever sends again may."""
    logger.error("the log's database is away: %s", type(error).__name__)
    problem = "The database of the log is away. Nothing was taken: send it again."
    return JSONResponse({"error": problem}, status_code=503, headers={"retry-after": str(_RETRY_SECONDS)})
