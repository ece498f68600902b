import time

import pytest
from prometheus_client import REGISTRY

from recommender.contract.query import Profile, customer_hash
from serving.answering.requests import RecommendationRequest, RequestBatch
from serving.customers.source import Customer
from tests.support.servers.broken_stores import Broken

STORED = Customer(
    products=("cream",),
    times=(1_700_000_000,),
    dismissed=("mask",),
    birth_year=time.gmtime().tm_year - 40,
    region="north",
    skin_type="dry",
    concerns=("redness",),
    avoided_ingredients=("limonene", "parfum"),
)

WITHOUT_STORE = "recommender_answers_without_store_total"
AVOID_AND_REBUYS = "avoid_unknown_ingredients,rebuys"


class Known:
    def read(self, customer_ids):
        return {id_: STORED for id_ in customer_ids if id_ == "ann"}


def test_what_is_stored_reaches_the_engine(open_shop):
    shop = open_shop(Known())

    shop.handler.respond([RecommendationRequest("ann", 3)], "r")

    (query,) = shop.engine.asked
    assert (query.products, query.times, query.dismissed, query.k) == (("cream",), (1_700_000_000,), ("mask",), 3)
    assert query.profile == Profile(
        age=40, region="north", skin_type="dry", concerns=("redness",), avoided_ingredients=("limonene", "parfum")
    )


def test_a_request_overrides_what_is_stored_but_never_lifts_an_avoided_ingredient(open_shop):
    shop = open_shop(Known())
    profile = Profile(age=20, skin_type="oily", avoided_ingredients=("parfum", "alcohol"), exclude=("balm",))

    shop.handler.respond([RecommendationRequest("ann", 3, profile)], "r")

    profile = shop.engine.asked[0].profile
    assert (profile.age, profile.skin_type, profile.region, profile.concerns) == (20, "oily", "north", ("redness",))
    assert profile.avoided_ingredients == ("limonene", "parfum", "alcohol")
    assert profile.exclude == ("balm",)


def test_recent_products_come_after_the_stored_history(open_shop):
    shop = open_shop(Known())

    shop.handler.respond([RecommendationRequest("ann", 3, recent=("serum", "toner"))], "r")

    query = shop.engine.asked[0]
    assert query.products == ("cream", "serum", "toner")
    assert len(query.times) == 3
    assert list(query.times) == sorted(query.times)


def test_recent_products_alone_have_no_times(open_shop):
    shop = open_shop(Known())

    shop.handler.respond([RecommendationRequest("", 3, recent=("serum",))], "r")

    assert (shop.engine.asked[0].products, shop.engine.asked[0].times) == (("serum",), ())


@pytest.mark.parametrize(
    ("customers", "customer_id", "fallback"),
    [
        (Known(), "ann", ""),
        (Known(), "bob", "unknown_customer"),
        (Known(), "", ""),
        (Broken(), "ann", "store_unavailable"),
        (Broken(), "", ""),
    ],
)
def test_a_response_says_what_it_had_to_do_without(open_shop, customers, customer_id, fallback):
    shop = open_shop(customers)

    (answer,) = shop.handler.respond([RecommendationRequest(customer_id, 3)], "r").responses

    assert answer.fallback == fallback
    assert answer.items


def test_impressions_hold_what_was_shown_and_no_customer_id(open_shop):
    shop = open_shop(Known())

    shop.handler.respond([RecommendationRequest("ann", 2), RecommendationRequest("", 1)], "r9")

    first, second = shop.impressions
    assert first.customer == customer_hash("ann") != "ann"
    assert (first.products, first.scores) == ('["serum","toner"]', "[1.0,0.5]")
    assert (first.request_id, first.variant, first.model_version) == ("r9", "champion", shop.engine.version)
    assert second.customer == ""


def test_an_impression_says_how_long_its_customer_waited(open_shop):
    shop = open_shop(Known())
    shop.handler.respond_to_all(
        [
            RequestBatch(
                [RecommendationRequest("ann", 2), RecommendationRequest("bob", 1)],
                "r9",
                arrived=time.perf_counter() - 3,
            )
        ]
    )
    shop.handler.respond([RecommendationRequest("ann", 2)], "r10")
    first, second, third = shop.impressions
    assert 3 <= first.seconds < 60
    assert second.seconds == first.seconds
    assert third.seconds is None


@pytest.mark.parametrize(
    ("wanted", "kind", "brought"),
    [
        (RecommendationRequest("ann", 7), "customer", ""),
        (
            RecommendationRequest("ann", 7, Profile(max_price=9.0, age=30, category="Skin")),
            "customer",
            "age,category,max_price",
        ),
        (
            RecommendationRequest("ann", 7, Profile(avoid_unknown_ingredients=False, rebuys=0)),
            "customer",
            AVOID_AND_REBUYS,
        ),
        (RecommendationRequest("", 7, recent=("serum",)), "basket", ""),
        (RecommendationRequest("", 7, Profile(concerns=("redness",))), "anonymous", "concerns"),
        (RecommendationRequest("ann", 7, similar_to="toner"), "similar", ""),
    ],
)
def test_an_impression_says_what_was_asked_for_and_not_what_a_profile_holds(open_shop, wanted, kind, brought):
    shop = open_shop(Known())
    shop.handler.respond([wanted], "r")
    (impression,) = shop.impressions
    assert (impression.kind, impression.k, impression.brought) == (kind, 7, brought)


def test_the_salt_changes_the_pseudonym():
    assert customer_hash("ann") == customer_hash("ann")
    assert customer_hash("ann", "salt") != customer_hash("ann")


def test_similar_products_depend_on_the_product_alone_and_exclude_what_the_customer_has(open_shop):
    shop = open_shop(Known())
    wanted = RecommendationRequest(
        "ann", 5, Profile(exclude=("balm",), rebuys=2), recent=("serum",), similar_to="toner"
    )

    (answer,) = shop.handler.respond([wanted], "r").responses

    (query,) = shop.engine.asked
    assert (query.products, query.times, query.dismissed) == (("toner",), (), ("mask",))
    assert query.profile.exclude == ("balm", "cream", "serum", "toner")
    assert query.owned == ("cream", "serum")
    assert query.profile.rebuys == 0
    assert query.profile.avoided_ingredients == ("limonene", "parfum")
    assert [item.product_id for item in answer.items] == ["mask"]


@pytest.mark.parametrize(
    ("customers", "customer_id", "fallback"),
    [
        (Known(), "", "unknown_product"),
        (Known(), "ann", "unknown_product"),
        (Known(), "bob", "unknown_customer"),
        (Broken(), "ann", "store_unavailable"),
    ],
)
@pytest.mark.parametrize("wanted", [{"recent": ("serum", "gone")}, {"similar_to": "gone"}])
def test_a_response_that_rests_on_an_unknown_product_says_so(open_shop, customers, customer_id, fallback, wanted):
    shop = open_shop(customers)

    (answer,) = shop.handler.respond([RecommendationRequest(customer_id, 3, **wanted)], "r").responses

    assert answer.fallback == fallback
    assert answer.items


BATCHES = [
    RequestBatch([RecommendationRequest("ann", 2), RecommendationRequest("", 1)], "first"),
    RequestBatch([RecommendationRequest("bob", 3)], "second", reasons=False),
    RequestBatch([RecommendationRequest("ann", 2)], "third", reasons=False),
    RequestBatch([RecommendationRequest("ann", 2, recent=("toner",))], "fourth"),
]


def plain(reply):
    return reply.request_id, reply.responses


def test_batches_answered_together_get_what_each_would_get_alone_with_one_read_of_the_store(open_shop):
    reads = []

    class Counted(Known):
        def read(self, customer_ids):
            reads.append(sorted(customer_ids))
            return super().read(customer_ids)

    alone, together = open_shop(Known()), open_shop(Counted())

    expected = [alone.handler.respond_to_all([call])[0] for call in BATCHES]
    found = together.handler.respond_to_all(BATCHES)

    assert [*map(plain, found)] == [*map(plain, expected)]
    for call, reply in zip(BATCHES, found, strict=True):
        assert {bool(item.reasons) for answer in reply.responses for item in answer.items} == {call.reasons}
    assert reads == [["ann", "bob"]]
    logged = [(row.request_id, row.customer, row.products, row.fallback) for row in together.impressions]
    assert logged == [(row.request_id, row.customer, row.products, row.fallback) for row in alone.impressions]


def test_the_same_query_of_several_batches_is_computed_once(open_shop):
    shop = open_shop(Known())

    first, second = shop.handler.respond_to_all(
        [
            RequestBatch([RecommendationRequest("ann", 2)], "one"),
            RequestBatch([RecommendationRequest("ann", 2)], "other"),
        ]
    )

    assert len(shop.engine.asked) == 1
    assert first.responses == second.responses
    assert [row.request_id for row in shop.impressions] == ["one", "other"]


def test_batches_that_are_retried_one_by_one_are_counted_once(open_shop, monkeypatch):
    shop = open_shop(Broken())
    before = REGISTRY.get_sample_value(WITHOUT_STORE, {"by": "cautious"}) or 0
    shop.engine.catalogue.ingredients_known[:] = True

    with monkeypatch.context() as broken:
        broken.setattr(shop.engine, "recommend", lambda *_: 1 / 0)
        with pytest.raises(ArithmeticError):
            shop.handler.respond_to_all(BATCHES[1:2])
    shop.handler.respond_to_all(BATCHES[1:2])

    assert REGISTRY.get_sample_value(WITHOUT_STORE, {"by": "cautious"}) == before + 1
