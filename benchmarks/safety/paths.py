"""Every way in which an answer comes about: asked of the engine, from the store, cached, and while the store fails."""

from collections.abc import Iterator, Sequence

from benchmarks.safety.customers import Avoiding
from benchmarks.safety.shops import PRODUCTS, Shop
from recommender.contract.query import Profile
from serving.answering.handler import RecommendationHandler
from serving.answering.requests import RecommendationRequest
from serving.customers.source import Customer, StoreUnavailableError
from serving.impressions.log import NoImpressions
from serving.models.loaded_model import LoadedModel, ModelSlot
from serving.models.recommendation_cache import RecommendationCache
from serving.models.variants import VariantRouter
from settings.serving import ServingSettings

STORED, DECLARED, NEVER_READ = "c0", "c1", "c2"
"""Customers: avoidances in the store; in the bundle alone; in a store that this process never read."""

Answer = tuple[str, Avoiding, Sequence[str]]
"""The path, what the customer avoids, and the product ids shown."""


class _Store:
    """Knows what customers have bought, and what one of them avoids, until it breaks."""

    def __init__(self, shop: Shop, avoiding: Avoiding) -> None:
        self._shop, self._avoiding = shop, avoiding
        self.broken = False

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer | None]:
        if self.broken:
            raise StoreUnavailableError("gone")
        return {id_: self._customer(id_) for id_ in customer_ids}

    def _customer(self, customer_id: str) -> Customer:
        avoided = self._avoiding.words if customer_id == STORED else None
        bought = self._shop.bought.get(customer_id, ())
        ids, times = tuple(id_ for id_, _ in bought), tuple(second for _, second in bought)
        return Customer(products=ids, times=times, avoided_ingredients=avoided)


def answers(shop: Shop, stored: Avoiding, declared: Avoiding, common: Avoiding) -> Iterator[Answer]:
    """What customers are shown on each path, each asked for the whole shop."""
    store = _Store(shop, stored)
    handler = _handler(shop, store)
    anonymous = Profile(avoided_ingredients=stored.words)
    yield "request", stored, _shown(handler, "", anonymous)
    yield "basket", stored, _shown(handler, "", anonymous, recent=("p0", "p1"))
    yield "similar", stored, _shown(handler, "", anonymous, similar_to="p0")
    yield "buy again", stored, _shown(handler, STORED, Profile(rebuys=PRODUCTS))
    yield "store", stored, _shown(handler, STORED, Profile())
    yield "cached", stored, _shown(handler, STORED, Profile())
    yield "bundle", declared, _shown(handler, DECLARED, Profile())
    store.broken = True
    yield "store fails, read before", stored, _shown(handler, STORED, Profile())
    yield "store fails, in the bundle", declared, _shown(handler, DECLARED, Profile())
    yield "store fails, never read", common, _shown(handler, NEVER_READ, Profile())
    yield "store fails, similar", common, _shown(handler, NEVER_READ, Profile(), similar_to="p0")


def _handler(shop: Shop, store: _Store) -> RecommendationHandler:
    models = ModelSlot()
    models._model = LoadedModel(shop.engine, RecommendationCache(shop.engine, 100))  # pyright: ignore[reportPrivateUsage]
    return RecommendationHandler(VariantRouter(models), store, NoImpressions(), ServingSettings())


def _shown(
    handler: RecommendationHandler,
    customer_id: str,
    profile: Profile,
    recent: tuple[str, ...] = (),
    similar_to: str | None = None,
) -> list[str]:
    request = RecommendationRequest(customer_id, PRODUCTS, profile, recent, similar_to)
    (response,) = handler.respond([request], "safety").responses
    return [item.product_id for item in response.items]
