"""The parts of a serving process, put together; started and stopped as one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from infrastructure.bearer_tokens import BearerTokens
from recommender.engine.variant_assignment import CHALLENGER, CHAMPION
from serving.answering.answering import Answerer
from serving.answering.shadow import Shadow
from serving.customers.lookup import GuardedCustomers
from serving.customers.source import CustomerSource, NoCustomers
from serving.customers.sqlite import SqliteCustomers
from serving.impressions import log as impressions
from serving.impressions.log import ImpressionLog, NoImpressions
from serving.impressions.remote import RemoteImpressions
from serving.models.loaded_model import ModelHolder, PointerWatch
from serving.models.variants import Models
from serving.observability import tracing
from serving.server.app import admitting, create_app
from serving.server.environment import Environment
from serving.server.memory import settle_memory


class Runtime:
    """Everything behind the routes. Making one is cheap; :meth:`start` loads the model."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        settings = environment.settings
        self._champion, self._challenger = (
            ModelHolder(variant, settings.remembered_answers) for variant in (CHAMPION, CHALLENGER)
        )
        self._watches = [
            PointerWatch(pointer, models, settings.reload_seconds)
            for pointer, models in (
                (environment.champion, self._champion),
                (environment.challenger, self._challenger),
            )
            if pointer
        ]
        shown = _log(environment, impressions.SHOWN)
        self._logs = [shown]
        self._shadow = self._make_shadow() if settings.shadow else None
        self.answerer = Answerer(
            Models(self._champion, self._challenger, environment.experiment, shadow=settings.shadow),
            _customers(environment),
            shown,
            settings,
            self._shadow,
        )
        self._admission = admitting(self.answerer, settings)

    def _make_shadow(self) -> Shadow:
        log = _log(self._environment, impressions.SHADOW)
        self._logs.append(log)
        return Shadow(lambda: self._admission.idle, log, self._environment.settings.shadow_queue)

    def app(self) -> Starlette:
        """The application, whose lifespan starts and stops this runtime.

        Raises:
            ConfigError: Tokens are asked for and cannot be read.
        """
        tokens = BearerTokens(self._environment.tokens) if self._environment.tokens else None
        return create_app(self.answerer, self._environment.settings, self._admission, tokens, self._lifespan)

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
            ConfigError: Traces are asked for by an exporter that is not installed.
        """
        tracing.configure()
        for watch in self._watches:
            watch.look()
            watch.start()
        if self.answerer.version is None:
            self._champion.load(self._environment.bundle)
        for log in self._logs:
            log.start()
        settle_memory()

    def stop(self) -> None:
        """Write what waits and end the threads."""
        for part in (*self._watches, *self._logs):
            part.stop()


def _customers(environment: Environment) -> CustomerSource:
    if environment.online_store is None:
        return NoCustomers()
    settings = environment.settings
    return GuardedCustomers(
        _store(environment.online_store, settings.store_timeout_seconds), settings.store_retry_seconds
    )


def _store(where: Path | str, timeout: float) -> CustomerSource:
    if isinstance(where, Path):
        return SqliteCustomers(where, timeout)
    # Imported where it is used: a laptop has no Redis.
    from serving.customers.redis import RedisCustomers

    return RedisCustomers(where, timeout)


def _log(environment: Environment, table: str) -> ImpressionLog | RemoteImpressions | NoImpressions:
    where, settings = environment.impressions_log, environment.settings
    if where is None:
        return NoImpressions()
    waiting = settings.impressions_queue, settings.impressions_flush_seconds
    if isinstance(where, Path):
        return ImpressionLog(where, *waiting, table)
    return RemoteImpressions(where, *waiting, table, environment.impressions_token)
