"""The parts of a serving process, assembled; started and stopped together."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from infrastructure.bearer_tokens import BearerTokens
from recommender.contract.impressions import SHADOW, SHOWN
from recommender.contract.query import CHALLENGER, CHAMPION
from serving.answering.handler import RecommendationHandler
from serving.answering.shadow import ShadowScorer
from serving.customers.lookup import CircuitBreaker
from serving.customers.source import CustomerSource, NoCustomers
from serving.customers.sqlite import SqliteCustomers
from serving.impressions.log import ImpressionLog, NoImpressions
from serving.impressions.remote import RemoteImpressionLog
from serving.models.champion_watcher import ChampionWatcher
from serving.models.loaded_model import ModelSlot
from serving.models.variants import VariantRouter
from serving.observability import tracing
from serving.server.app import create_app, make_admission_control
from serving.server.environment import Environment

_COLLECTIONS_BEFORE_FULL: Final = 1000
"""Of the middle generation; Python's default is ten."""


class Runtime:
    """Everything behind the routes. Making one is cheap; :meth:`start` loads the model."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        settings = environment.settings
        self._champion, self._challenger = (
            ModelSlot(variant, settings.remembered_answers) for variant in (CHAMPION, CHALLENGER)
        )
        self._watchers = [
            ChampionWatcher(pointer, slot, settings.reload_seconds)
            for pointer, slot in (
                (environment.champion, self._champion),
                (environment.challenger, self._challenger),
            )
            if pointer
        ]
        impressions = _impression_log(environment, SHOWN)
        self._logs = [impressions]
        self._shadow = self._make_shadow() if settings.shadow else None
        self.handler = RecommendationHandler(
            VariantRouter(self._champion, self._challenger, environment.experiment, shadow=settings.shadow),
            _customers(environment),
            impressions,
            settings,
            self._shadow,
        )
        self._admission = make_admission_control(self.handler, settings)

    def _make_shadow(self) -> ShadowScorer:
        log = _impression_log(self._environment, SHADOW)
        self._logs.append(log)
        return ShadowScorer(lambda: self._admission.idle, log, self._environment.settings.shadow_queue)

    def app(self) -> Starlette:
        """The application, whose lifespan starts and stops this runtime.

        Raises:
            ConfigError: Tokens are required and cannot be read.
        """
        tokens = BearerTokens(self._environment.tokens) if self._environment.tokens else None
        return create_app(self.handler, self._environment.settings, self._admission, tokens, self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncGenerator[None]:
        self.start()
        shadow = asyncio.create_task(self._shadow.run()) if self._shadow else None
        yield
        if shadow:
            shadow.cancel()
        self.stop()

    def start(self) -> None:
        """Load the models and start what runs beside the requests.

        Raises:
            BundleError: Neither the champion nor the Bento's own bundle can be served.
            ConfigError: The trace exporter is not installed.
        """
        tracing.configure_tracing(self._environment.trace_exporter, self._environment.trace_service)
        for watcher in self._watchers:
            watcher.look()
            watcher.start()
        if self.handler.version is None:
            self._champion.load(self._environment.bundle)
        for log in self._logs:
            log.start()
        tune_garbage_collector()

    def stop(self) -> None:
        """Write the impressions that wait and end the threads."""
        for part in (*self._watchers, *self._logs):
            part.stop()


def _customers(environment: Environment) -> CustomerSource:
    if environment.online_store is None:
        return NoCustomers()
    settings = environment.settings
    return CircuitBreaker(
        _store(environment.online_store, settings.store_timeout_seconds), settings.store_retry_seconds
    )


def _store(location: Path | str, timeout: float) -> CustomerSource:
    if isinstance(location, Path):
        return SqliteCustomers(location, timeout)
    # Imported where it is used: a laptop has no Redis.
    from serving.customers.redis import RedisCustomers

    return RedisCustomers(location, timeout)


def _impression_log(environment: Environment, table: str) -> ImpressionLog | RemoteImpressionLog | NoImpressions:
    destination, settings = environment.impressions_log, environment.settings
    if destination is None:
        return NoImpressions()
    limits = settings.impressions_queue, settings.impressions_flush_seconds
    if isinstance(destination, Path):
        return ImpressionLog(destination, *limits, table)
    return RemoteImpressionLog(destination, *limits, table, environment.impressions_token)


def tune_garbage_collector() -> None:
    """Exclude what is loaded from garbage collection, and make full collections a hundred times rarer.

    A request leaves a few small things that live for seconds: BentoML keeps its timer until that runs out. At thousands
    of requests a second they are a hundred thousand, a full collection looks at each of them, for up to 80 ms, twice a
    second, and nobody is answered meanwhile. It finds next to nothing: what requests leave is freed as soon as nothing
    refers to it any more. Full collections stay possible, for reference cycles that outlived the younger ones.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _COLLECTIONS_BEFORE_FULL)
