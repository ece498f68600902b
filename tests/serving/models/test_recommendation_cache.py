"""Cached recommendations: never another one than the model would give now."""

import gc
import weakref
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.contract.query import CHALLENGER, Profile, Query
from serving.answering import requests
from serving.answering.handler import RecommendationHandler
from serving.answering.requests import RecommendationRequest
from serving.customers.source import Customer
from serving.models.loaded_model import LoadedModel, ModelSlot
from serving.models.recommendation_cache import CacheKey, RecommendationCache
from serving.models.variants import VariantRouter
from serving.observability import metrics
from settings.serving import ServingSettings


class Known:
    """A store that is told what customers do."""

    def __init__(self):
        self.ann = Customer(products=("cream",))

    def read(self, customer_ids):
        return {id_: self.ann for id_ in customer_ids if id_ == "ann"}


@pytest.fixture
def store():
    return Known()


def opened(shop, store, capacity=100):
    """A handler over the shop's engine that remembers."""
    holder = ModelSlot()
    holder._model = LoadedModel(shop.engine, RecommendationCache(shop.engine, capacity))
    return RecommendationHandler(VariantRouter(holder), store, shop.impressions, ServingSettings())


def shown(handler, *asked, reasons=True):
    reply = handler.respond(asked, "r", reasons=reasons)
    return [[item.product_id for item in answer.items] for answer in reply.responses]


def computed():
    (found,) = [sample.value for sample in metrics.COMPUTED.collect()[0].samples if sample.name.endswith("_total")]
    return found


def test_the_same_request_again_is_answered_from_the_cache_and_logged_again(shop, store):
    handler, before = opened(shop, store), computed()
    first, again = shown(handler, RecommendationRequest("ann", 3)), shown(handler, RecommendationRequest("ann", 3))
    assert first == again == [["serum", "toner", "mask"]]
    assert len(shop.engine.asked) == 1
    assert computed() == before + 1
    assert len(shop.impressions) == 2
    assert shop.impressions[0].products == shop.impressions[1].products


def test_a_change_in_the_store_takes_effect_at_once(shop, store):
    handler = opened(shop, store)
    shown(handler, RecommendationRequest("ann", 3))
    store.ann = replace(store.ann, products=("cream", "serum"))
    assert shown(handler, RecommendationRequest("ann", 3)) == [["toner", "mask", "balm"]]
    store.ann = replace(store.ann, avoided_ingredients=("parfum",))
    shown(handler, RecommendationRequest("ann", 3))
    assert [query.profile.avoided_ingredients for query in shop.engine.asked] == [(), (), ("parfum",)]


def test_requests_with_and_without_reasons_are_cached_apart(shop, store):
    handler = opened(shop, store)
    shown(handler, RecommendationRequest("ann", 3), reasons=False)
    (answer,) = handler.respond([RecommendationRequest("ann", 3)], "r").responses
    assert all(item.reasons for item in answer.items)
    assert len(shop.engine.asked) == 2


def test_long_lists_are_not_cached_nor_is_anything_without_capacity(shop, store):
    longer, nothing = opened(shop, store), opened(shop, store, capacity=0)
    for handler, request in ((longer, RecommendationRequest("ann", 21)), (nothing, RecommendationRequest("ann", 3))):
        shop.engine.asked.clear()
        shown(handler, request)
        shown(handler, request)
        assert len(shop.engine.asked) == 2


def test_only_the_last_used_recommendations_are_cached(shop, store):
    handler = opened(shop, store, capacity=2)
    for name in ("bob", "cid", "dee", "dee", "bob"):
        shown(handler, RecommendationRequest(name, 3))
    assert [query.customer_id for query in shop.engine.asked] == ["bob", "cid", "dee", "bob"]


def test_two_models_never_share_a_cache(shop, store):
    other = type(shop.engine)("new")
    both = [
        LoadedModel(shop.engine, RecommendationCache(shop.engine, 9)),
        LoadedModel(other, RecommendationCache(other, 9), CHALLENGER),
    ]
    for served in (*both, *both):
        holder = ModelSlot()
        holder._model = served
        shown(
            RecommendationHandler(VariantRouter(holder), store, shop.impressions, ServingSettings()),
            RecommendationRequest("ann", 3),
        )
    assert len(shop.engine.asked) == len(other.asked) == 1
    assert {row.model_version for row in shop.impressions} == {shop.engine.version, "new"}


def test_the_same_request_is_the_same_query_all_day_and_another_one_tomorrow(monkeypatch, store):
    midnight = 20_000 * 86_400
    found = []
    for now in (midnight, midnight + 86_399.9, midnight + 86_400):
        monkeypatch.setattr(requests.time, "time", lambda now=now: now)
        found.append(
            requests.build_query(
                RecommendationRequest("ann", 3, recent=("serum",)),
                store.ann,
                requests.AvoidanceConstraints((), cautious=False),
            )
        )
    assert found[0] == found[1] != found[2]
    assert hash(found[0]) == hash(found[1])


wanted = st.builds(
    RecommendationRequest,
    st.sampled_from(["", "ann", "bob"]),
    st.integers(1, 25),
    st.builds(
        Profile, exclude=st.sampled_from([(), ("mask",), ("mask", "balm")]), rebuys=st.sampled_from([None, 0, 1])
    ),
    st.sampled_from([(), ("serum",)]),
    st.sampled_from([None, "toner"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the fixture makes a new shop at each call
@given(asked=st.lists(st.tuples(wanted, st.booleans(), st.sampled_from([("cream",), ("cream", "serum")])), max_size=12))
def test_cached_and_computed_recommendations_are_the_same_in_any_order_of_requests(open_shop, asked):
    shop, store = open_shop(), Known()
    remembering, plain = opened(shop, store, capacity=4), opened(shop, store, capacity=0)
    for one, reasons, has in asked:
        store.ann = replace(store.ann, products=has)
        assert (
            remembering.respond([one], "r", reasons=reasons).responses
            == plain.respond([one], "r", reasons=reasons).responses
        )


def test_a_model_that_is_out_of_service_is_freed_at_once():
    class Model:
        def recommend(self, queries, _):
            return [None for _ in queries]

    model = Model()
    answers, gone = RecommendationCache(model, 10), weakref.ref(model)
    gc.disable()  # what is loaded at the start is out of its sight, too
    try:
        answers.recommend([CacheKey(Query("ann"))])
        del model, answers
        assert gone() is None
    finally:
        gc.enable()
