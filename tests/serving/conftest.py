"""A server whose engine is a stand-in: what is tested here is everything around the engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from recommender.contract.impressions import Impression
from recommender.contract.query import Item, Query, Reason, Recommendation
from recommender.knowledge.knowledge import Knowledge
from recommender.models.avoidances import Avoidances
from recommender.rules import Rules
from serving.answering.handler import RecommendationHandler
from serving.customers.source import Customer, CustomerSource
from serving.models.loaded_model import LoadedModel, ModelSlot
from serving.models.recommendation_cache import RecommendationCache
from serving.models.variants import VariantRouter
from serving.server.app import create_app
from settings.serving import ServingSettings
from tests.support.small_catalogue import small_catalogue

SHELF = ("cream", "serum", "toner", "mask", "balm")
LABELS = small_catalogue({"ingredients": ["aqua", "bergamot fruit peel"]}, {"ingredients": ["limonene"]})
"""What is printed on products here, for words that customers avoid."""


@dataclass
class ShelfEngine:
    """Recommends what stands on the shelf, in its order, without what the query owns or excludes."""

    version: str = "0123456789abcdef"
    asked: list[Query] = field(default_factory=list)
    avoidances: Avoidances = field(default_factory=lambda: Avoidances.from_declared({}))
    catalogue: Any = field(
        default_factory=lambda: SimpleNamespace(
            ingredients_known=np.ones(len(SHELF), bool), index=dict.fromkeys(SHELF, 0)
        )
    )

    rules: Rules = field(default_factory=lambda: Rules(LABELS, Knowledge.load()))

    def recommend(self, queries: Sequence[Query], reasons: bool = True) -> list[Recommendation]:
        self.asked.extend(queries)
        return [self._one(query, reasons) for query in queries]

    def _one(self, query: Query, reasons: bool) -> Recommendation:
        left = [p for p in SHELF if p not in {*query.products, *query.profile.exclude}][: query.k]
        why = (Reason("popular", "Liked by many.", 1.0),) if reasons else ()
        items = tuple(Item(product, 1 / (rank + 1), why) for rank, product in enumerate(left))
        unrecognised = self.rules.unrecognised(query.profile.avoided_ingredients)
        return Recommendation(query.customer_id, items, "popular", {"excluded": len(SHELF) - len(left)}, unrecognised)


class KnownCustomers:
    def __init__(self, known: dict[str, Customer]) -> None:
        self.known = known

    def read(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        return {id_: self.known[id_] for id_ in customer_ids if id_ in self.known}


class Impressions(list[Impression]):
    def add(self, impression: Impression) -> None:
        self.append(impression)


@dataclass
class Shop:
    """A server and what stands behind it."""

    engine: ShelfEngine
    impressions: Impressions
    handler: RecommendationHandler
    client: TestClient


@pytest.fixture
def open_shop() -> Callable[..., Shop]:
    def make(customers: CustomerSource | None = None, settings: ServingSettings | None = None) -> Shop:
        settings = settings or ServingSettings()
        engine, holder, impressions = ShelfEngine(), ModelSlot(), Impressions()
        holder._model = LoadedModel(engine, RecommendationCache(engine, 0))  # type: ignore[arg-type]
        handler = RecommendationHandler(VariantRouter(holder), customers or KnownCustomers({}), impressions, settings)
        return Shop(engine, impressions, handler, TestClient(create_app(handler, settings)))

    return make


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop(KnownCustomers({"ann": Customer(products=("cream",), avoided_ingredients=("limonene",))}))
