"""The parts of a serving process, put together; started and stopped as one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from serving.answering import Answerer
from serving.app import create_app
from serving.customers import CustomerSource, NoCustomers
from serving.environment import Environment
from serving.impressions import ImpressionLog, NoImpressions
from serving.lookup import GuardedCustomers
from serving.sqlite_customers import SqliteCustomers
from serving.state import ChampionWatch, ModelHolder, settle_memory
from serving.tokens import Tokens


class Runtime:
    """Everything behind the routes. Making one is cheap; :meth:`start` loads the model."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        settings = environment.settings
        self._models = ModelHolder()
        self._impressions = _impressions(environment)
        self._watch = (
            ChampionWatch(environment.champion, self._models, settings.reload_seconds) if environment.champion else None
        )
        self.answerer = Answerer(
            self._models,
            _customers(environment),
            self._impressions,
            settings,
        )

    def app(self) -> Starlette:
        """The application, whose lifespan starts and stops this runtime.

        Raises:
            ConfigError: Tokens are asked for and cannot be read.
        """
        tokens = Tokens(self._environment.tokens) if self._environment.tokens else None
        return create_app(self.answerer, self._environment.settings, tokens=tokens, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncGenerator[None]:
        self.start()
        yield
        self.stop()

    def start(self) -> None:
        """Load the model and start what runs beside the requests.

        Raises:
            BundleError: Neither the champion nor the Bento's own bundle can be served.
        """
        if self._watch:
            self._watch.look()
            self._watch.start()
        if self.answerer.version is None:
            self._models.load(self._environment.bundle)
        self._impressions.start()
        settle_memory()

    def stop(self) -> None:
        """Write what waits and end the threads."""
        if self._watch:
            self._watch.stop()
        self._impressions.stop()


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
    from serving.redis_customers import RedisCustomers

    return RedisCustomers(where, timeout)


def _impressions(environment: Environment) -> ImpressionLog | NoImpressions:
    if environment.impressions_log is None:
        return NoImpressions()
    settings = environment.settings
    return ImpressionLog(environment.impressions_log, settings.impressions_queue, settings.impressions_flush_seconds)
