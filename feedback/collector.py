"""The collector: a small service that receives events and impressions, and answers once they are durable."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Any, Final

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.registry import Collector as MetricsCollector
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from feedback.avoidances import unrecognised_avoidances
from feedback.database import database
from feedback.event_log import EventLog
from feedback.events import Rejection, parse_events
from feedback.impressions import TABLES, ImpressionStore
from feedback.impressions import parse_impressions as parse_impressions
from infrastructure.bearer_tokens import TOKENS_FILE, BearerTokens
from infrastructure.environment import read_path
from infrastructure.http_service import (
    UNAUTHORIZED_HEADERS,
    UNAUTHORIZED_MESSAGE,
    BodyTooLargeError,
    error_response,
    is_authorized,
    read_body,
)
from infrastructure.workspace import Workspace
from settings.monitoring import CollectorSettings

logger = logging.getLogger(__name__)

#: Called with the log after events were added, and periodically: delivers pending events to the online store.
OnlineStoreUpdate = Callable[[EventLog], None]

EVENTS: Final = "events"
IMPRESSIONS: Final = "impressions"
_OUTCOMES: Final = ("accepted", "duplicate", "rejected")
_RETRY_SECONDS: Final = 1

REGISTRY: Final = CollectorRegistry()
EVENTS_RECEIVED: Final = Counter("recommender_events", "Events sent to the collector", ["outcome"], registry=REGISTRY)
IMPRESSIONS_RECEIVED: Final = Counter(
    "recommender_impressions_received", "Impressions sent to the collector", ["outcome"], registry=REGISTRY
)
UNRECOGNISED: Final = Counter(
    "recommender_unrecognised_declarations",
    "Words of avoidances sent to the collector that no knowledge file names",
    registry=REGISTRY,
)
ONLINE_STORE_FAILURES: Final = Counter(
    "recommender_online_store_failures", "Times that the online store could not be told of events", registry=REGISTRY
)


class BodyError(Exception):
    """The request as a whole is invalid, so its rows cannot be validated one by one."""

    def __init__(self, status: int, problem: str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.headers = headers
        super().__init__(problem)


def serve(workspace: Workspace, settings: CollectorSettings, port: int, other_metrics: MetricsCollector) -> None:
    """Run a workspace's collector, on every address of this machine, until the process is told to stop."""
    # Here and not above: Feast, which it imports, takes seconds.
    from feedback.online_store_updater import OnlineStoreUpdater

    tokens = BearerTokens(file) if (file := read_path(TOKENS_FILE)) else None
    log = database(workspace)
    # In a file of the workspace endpoints write what they show themselves.
    shown = ImpressionStore(log) if log.file is None else None
    collector = Collector(EventLog(log), settings, OnlineStoreUpdater(workspace), tokens, other_metrics, shown)
    uvicorn.run(collector.app(), host="0.0.0.0", port=port, log_level="warning", access_log=False)  # noqa: S104


class Collector:
    """The routes of the service over one event log.

    Args:
        log: Where events are kept.
        settings: Limits of a request.
        update_online_store: Delivers the log's pending events to the online store; None where there is none.
        tokens: Who may send events; None for everyone.
        impressions: Where impressions are kept; None where endpoints keep them themselves.
        other_metrics: Metrics that ``/metrics`` reports besides the collector's own, such as those of monitoring.
    """

    def __init__(
        self,
        log: EventLog,
        settings: CollectorSettings,
        update_online_store: OnlineStoreUpdate | None = None,
        tokens: BearerTokens | None = None,
        other_metrics: MetricsCollector | None = None,
        impressions: ImpressionStore | None = None,
    ) -> None:
        self.other_metrics = other_metrics
        self.impressions = impressions
        self._checking, self._is_ready = False, True
        self.log = log
        self.tokens = tokens
        self.settings = settings
        self.update_online_store = update_online_store
        self._updating, self._failed = asyncio.Lock(), False

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
        return {BodyError: _body_error, **dict.fromkeys(self.log.unavailable_errors, _away)}

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncGenerator[None]:
        stop = asyncio.Event()
        updates = asyncio.create_task(self._update_periodically(stop))
        yield
        stop.set()
        await updates
        self.log.close()
        if self.impressions:
            self.impressions.close()

    async def collect(self, request: Request) -> Response:
        """``POST /v1/events``: 200 when any row is new or a duplicate, 422 when none, 401 without a token.

        An avoidance that nothing knows is kept as any other, and told.
        """
        self._admit(request)
        rows = _rows(_object(await self._body(request)), EVENTS, self.settings.maximum_events)
        events, rejected = parse_events(rows, latest=time.time() + self.settings.clock_skew_seconds)
        accepted = await run_in_threadpool(self.log.add, events)
        if not self._failed:
            await self._update()
        unrecognised = await run_in_threadpool(unrecognised_avoidances, events)
        UNRECOGNISED.inc(len(unrecognised))
        told = {"unrecognised": [{"event_id": event_id, **asdict(words)} for event_id, words in unrecognised]}
        return _answer(EVENTS_RECEIVED, len(events), accepted, rejected, told)

    async def collect_impressions(self, request: Request) -> Response:
        """``POST /v1/impressions``: what an endpoint has shown; answered as ``/v1/events`` is."""
        self._admit(request)
        if self.impressions is None:
            raise BodyError(404, "Impressions are kept in a file here, which endpoints write themselves.")
        content = _object(await self._body(request))
        table = content.get("table", TABLES[0])
        if table not in TABLES:
            raise BodyError(400, f"The table is none of {', '.join(TABLES)}.")
        shown, rejected = parse_impressions(_rows(content, IMPRESSIONS, self.settings.maximum_events))
        accepted = await run_in_threadpool(self.impressions.add, shown, table)
        return _answer(IMPRESSIONS_RECEIVED, len(shown), accepted, rejected)

    async def live(self, _: Request) -> Response:
        """``GET /health/live``: the process runs."""
        return JSONResponse({"live": True})

    async def ready(self, _: Request) -> Response:
        """``GET /health/ready``: whether the log's database answers now; 503 where it does not."""
        ready = await self._check()
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    async def _check(self) -> bool:
        """One check at a time: requests that come meanwhile get the result of the last one."""
        if not self._checking:
            self._checking = True
            try:
                await run_in_threadpool(self.log.ping)
                self._is_ready = True
            except self.log.unavailable_errors:
                self._is_ready = False
            finally:
                self._checking = False
        return self._is_ready

    def _admit(self, request: Request) -> None:
        if not is_authorized(request.headers, self.tokens):
            raise BodyError(401, UNAUTHORIZED_MESSAGE, UNAUTHORIZED_HEADERS)

    async def metrics(self, _: Request) -> Response:
        """``GET /metrics``: the collector's metrics, and those of the last round of monitoring."""
        text = await run_in_threadpool(collector_metrics, self.other_metrics)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    async def _body(self, request: Request) -> bytes:
        try:
            return await read_body(request, self.settings.maximum_bytes)
        except BodyTooLargeError as error:
            raise BodyError(413, f"The body is larger than {error.limit} bytes.") from None

    async def _update_periodically(self, stop: asyncio.Event) -> None:
        """Deliver pending events periodically, so that a store that was unavailable or emptied needs no new event."""
        while not stop.is_set():
            await self._update(again=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.settings.online_seconds)

    async def _update(self, again: bool = False) -> None:
        """Deliver pending events, after a failure only ``again``; in one thread at a time.

        A store that hangs blocks no thread of other requests.
        """
        async with self._updating:
            if self.update_online_store and (again or not self._failed):
                self._failed = not await run_in_threadpool(self._is_updated, self.update_online_store)

    def _is_updated(self, update: OnlineStoreUpdate) -> bool:
        """Whether the delivery succeeded; a failure loses no event, since they stay pending in the log."""
        try:
            update(self.log)
        except Exception:
            ONLINE_STORE_FAILURES.inc()
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


def _answer(
    counter: Counter, valid: int, accepted: int, rejected: list[Rejection], told: Mapping[str, Any] | None = None
) -> Response:
    for outcome, count in zip(_OUTCOMES, (accepted, valid - accepted, len(rejected)), strict=True):
        counter.labels(outcome).inc(count)
    answer = {
        "accepted": accepted,
        "duplicates": valid - accepted,
        "rejected": [rejection.model_dump() for rejection in rejected],
        **(told or {}),
    }
    return JSONResponse(answer, status_code=200 if valid else 422)


async def _body_error(_: Request, error: Exception) -> Response:
    known = error if isinstance(error, BodyError) else BodyError(400, str(error))
    return error_response(known.status, str(known), known.headers)


async def _away(_: Request, error: Exception) -> Response:
    """Nothing was stored; the sender may send it again."""
    logger.error("the log's database is away: %s", type(error).__name__)
    problem = "The database of the log is away. Nothing was taken: send it again."
    return error_response(503, problem, {"retry-after": str(_RETRY_SECONDS)})


def collector_metrics(others: MetricsCollector | None) -> bytes:
    """The collector's metrics in Prometheus' text format, and those of ``others`` where there are any."""
    if others is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    registry.register(others)
    return generate_latest(REGISTRY) + generate_latest(registry)
