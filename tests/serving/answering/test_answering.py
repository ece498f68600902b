import time

import pytest
from prometheus_client import REGISTRY

from recommender.contract.query import Profile, customer_hash
from serving.answering.requests import Call, Wish
from serving.customers.source import Customer
from tests.support.broken_stores import Broken

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

    shop.answerer.answer([Wish("ann", 3)], "r")

    (query,) = shop.engine.asked
    assert (query.products, query.times, query.dismissed, query.k) == (("cream",), (1_700_000_000,), ("mask",), 3)
    assert query.profile == Profile(
        age=40, region="north", skin_type="dry", concerns=("redness",), avoided_ingredients=("limonene", "parfum")
    )


def test_a_request_overrides_what_is_stored_but_never_lifts_an_avoided_ingredient(open_shop):
    shop = open_shop(Known())
    wished = Profile(age=20, skin_type="oily", avoided_ingredients=("parfum", "alcohol"), exclude=("balm",))

    shop.answerer.answer([Wish("ann", 3, wished)], "r")

    profile = shop.engine.asked[0].profile
    assert (profile.age, profile.skin_type, profile.region, profile.concerns) == (20, "oily", "north", ("redness",))
    assert profile.avoided_ingredients == ("limonene", "parfum", "alcohol")
    assert profile.exclude == ("balm",)


def test_recent_products_come_after_the_stored_history(open_shop):
    shop = open_shop(Known())

    shop.answerer.answer([Wish("ann", 3, recent=("serum", "toner"))], "r")

    query = shop.engine.asked[0]
    assert query.products == ("cream", "serum", "toner")
    assert len(query.times) == 3
    assert list(query.times) == sorted(query.times)


def test_recent_products_alone_have_no_times(open_shop):
    shop = open_shop(Known())

    shop.answerer.answer([Wish("", 3, recent=("serum",))], "r")

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
def test_an_answer_says_what_it_had_to_do_without(open_shop, customers, customer_id, fallback):
    shop = open_shop(customers)

    (answer,) = shop.answerer.answer([Wish(customer_id, 3)], "r").answers

    assert answer.fallback == fallback
    assert answer.items


def test_impressions_hold_what_was_shown_and_no_customer_id(open_shop):
    shop = open_shop(Known())

    shop.answerer.answer([Wish("ann", 2), Wish("", 1)], "r9")

    first, second = shop.impressions
    assert first.customer == customer_hash("ann") != "ann"
    assert (first.products, first.scores) == ('["serum","toner"]', "[1.0,0.5]")
    assert (first.request_id, first.variant, first.model_version) == ("r9", "champion", shop.engine.version)
    assert second.customer == ""


def test_an_impression_says_how_long_its_customer_waited(open_shop):
    shop = open_shop(Known())
    shop.answerer.answers([Call([Wish("ann", 2), Wish("bob", 1)], "r9", arrived=time.perf_counter() - 3)])
    shop.answerer.answer([Wish("ann", 2)], "r10")
    first, second, third = shop.impressions
    assert 3 <= first.seconds < 60
    assert second.seconds == first.seconds
    assert third.seconds is None


@pytest.mark.parametrize(
    ("wish", "kind", "brought"),
    [
        (Wish("ann", 7), "customer", ""),
        (Wish("ann", 7, Profile(max_price=9.0, age=30, category="Skin")), "customer", "age,category,max_price"),
        (Wish("ann", 7, Profile(avoid_unknown_ingredients=False, rebuys=0)), "customer", AVOID_AND_REBUYS),
        (Wish("", 7, recent=("serum",)), "basket", ""),
        (Wish("", 7, Profile(concerns=("redness",))), "anonymous", "concerns"),
        (Wish("ann", 7, similar_to="toner"), "similar", ""),
    ],
)
def test_an_impression_says_what_was_asked_for_and_not_what_a_profile_holds(open_shop, wish, kind, brought):
    shop = open_shop(Known())
    shop.answerer.answer([wish], "r")
    (impression,) = shop.impressions
    assert (impression.kind, impression.k, impression.brought) == (kind, 7, brought)


def test_the_salt_changes_the_pseudonym():
    assert customer_hash("ann") == customer_hash("ann")
    assert customer_hash("ann", "salt") != customer_hash("ann")


def test_products_like_one_are_sought_by_it_alone_and_what_the_customer_has_is_left_out(open_shop):
    shop = open_shop(Known())
    wish = Wish("ann", 5, Profile(exclude=("balm",), rebuys=2), recent=("serum",), similar_to="toner")

    (answer,) = shop.answerer.answer([wish], "r").answers

    (query,) = shop.engine.asked
    assert (query.products, query.times, query.dismissed) == (("toner",), (), ("mask",))
    assert query.profile.exclude == ("balm", "cream", "serum", "toner")
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
@pytest.mark.parametrize("wish", [{"recent": ("serum", "gone")}, {"similar_to": "gone"}])
def test_an_answer_that_rests_on_a_product_nobody_knows_says_so(open_shop, customers, customer_id, fallback, wish):
    shop = open_shop(customers)

    (answer,) = shop.answerer.answer([Wish(customer_id, 3, **wish)], "r").answers

    assert answer.fallback == fallback
    assert answer.items


CALLS = [
    Call([Wish("ann", 2), Wish("", 1)], "first"),
    Call([Wish("bob", 3)], "second", reasons=False),
    Call([Wish("ann", 2)], "third", reasons=False),
    Call([Wish("ann", 2, recent=("toner",))], "fourth"),
]


def plain(reply):
    return reply.request_id, reply.answers


def test_requests_answered_together_get_what_each_would_get_alone_from_one_read_of_the_store(open_shop):
    reads = []

    class Counted(Known):
        def read(self, customer_ids):
            reads.append(sorted(customer_ids))
            return super().read(customer_ids)

    alone, together = open_shop(Known()), open_shop(Counted())

    expected = [alone.answerer.answers([call])[0] for call in CALLS]
    found = together.answerer.answers(CALLS)

    assert [*map(plain, found)] == [*map(plain, expected)]
    for call, reply in zip(CALLS, found, strict=True):
        assert {bool(item.reasons) for answer in reply.answers for item in answer.items} == {call.reasons}
    assert reads == [["ann", "bob"]]
    logged = [(row.request_id, row.customer, row.products, row.fallback) for row in together.impressions]
    assert logged == [(row.request_id, row.customer, row.products, row.fallback) for row in alone.impressions]


def test_the_same_question_of_several_requests_is_worked_out_once(open_shop):
    shop = open_shop(Known())

    first, second = shop.answerer.answers([Call([Wish("ann", 2)], "one"), Call([Wish("ann", 2)], "other")])

    assert len(shop.engine.asked) == 1
    assert first.answers == second.answers
    assert [row.request_id for row in shop.impressions] == ["one", "other"]


def test_what_is_asked_again_one_by_one_is_counted_once(open_shop, monkeypatch):
    shop = open_shop(Broken())
    before = REGISTRY.get_sample_value(WITHOUT_STORE, {"by": "cautious"}) or 0
    shop.engine.catalogue.ingredients_known[:] = True

    with monkeypatch.context() as broken:
        broken.setattr(shop.engine, "recommend", lambda *_: 1 / 0)
        with pytest.raises(ArithmeticError):
            shop.answerer.answers(CALLS[1:2])
    shop.answerer.answers(CALLS[1:2])

    assert REGISTRY.get_sample_value(WITHOUT_STORE, {"by": "cautious"}) == before + 1
