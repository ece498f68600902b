"""Answers that are remembered: never another one than the model would give now."""

import gc
import weakref
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.contract.query import Profile, Query
from recommender.engine.variant_assignment import CHALLENGER
from serving.answering import requests as wishes
from serving.answering.answering import Answerer
from serving.answering.requests import Wish
from serving.customers.source import Customer
from serving.models.loaded_model import ModelHolder, Served
from serving.models.recommendation_cache import Answers, Question
from serving.models.variants import Models
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


def opened(shop, store, most=100):
    """An answerer over the shop's engine that remembers."""
    holder = ModelHolder()
    holder._served = Served(shop.engine, Answers(shop.engine, most))
    return Answerer(Models(holder), store, shop.impressions, ServingSettings())


def shown(answerer, *asked, reasons=True):
    reply = answerer.answer(asked, "r", reasons=reasons)
    return [[item.product_id for item in answer.items] for answer in reply.answers]


def worked_out():
    (found,) = [sample.value for sample in metrics.WORKED_OUT.collect()[0].samples if sample.name.endswith("_total")]
    return found


def test_who_asks_the_same_again_gets_the_same_without_the_model_and_is_logged_again(shop, store):
    answerer, before = opened(shop, store), worked_out()
    first, again = shown(answerer, Wish("ann", 3)), shown(answerer, Wish("ann", 3))
    assert first == again == [["serum", "toner", "mask"]]
    assert len(shop.engine.asked) == 1
    assert worked_out() == before + 1
    assert len(shop.impressions) == 2
    assert shop.impressions[0].products == shop.impressions[1].products


def test_what_the_store_says_anew_counts_at_once(shop, store):
    answerer = opened(shop, store)
    shown(answerer, Wish("ann", 3))
    store.ann = replace(store.ann, products=("cream", "serum"))
    assert shown(answerer, Wish("ann", 3)) == [["toner", "mask", "balm"]]
    store.ann = replace(store.ann, avoided_ingredients=("parfum",))
    shown(answerer, Wish("ann", 3))
    assert [query.profile.avoided_ingredients for query in shop.engine.asked] == [(), (), ("parfum",)]


def test_without_reasons_is_another_question(shop, store):
    answerer = opened(shop, store)
    shown(answerer, Wish("ann", 3), reasons=False)
    (answer,) = answerer.answer([Wish("ann", 3)], "r").answers
    assert all(item.reasons for item in answer.items)
    assert len(shop.engine.asked) == 2


def test_long_lists_are_not_kept_nor_is_anything_where_nothing_shall_be(shop, store):
    longer, nothing = opened(shop, store), opened(shop, store, most=0)
    for answerer, wish in ((longer, Wish("ann", 21)), (nothing, Wish("ann", 3))):
        shop.engine.asked.clear()
        shown(answerer, wish)
        shown(answerer, wish)
        assert len(shop.engine.asked) == 2


def test_only_the_latest_are_kept(shop, store):
    answerer = opened(shop, store, most=2)
    for name in ("bob", "cid", "dee", "dee", "bob"):
        shown(answerer, Wish(name, 3))
    assert [query.customer_id for query in shop.engine.asked] == ["bob", "cid", "dee", "bob"]


def test_two_models_never_answer_for_each_other(shop, store):
    other = type(shop.engine)("new")
    both = [Served(shop.engine, Answers(shop.engine, 9)), Served(other, Answers(other, 9), CHALLENGER)]
    for served in (*both, *both):
        holder = ModelHolder()
        holder._served = served
        shown(Answerer(Models(holder), store, shop.impressions, ServingSettings()), Wish("ann", 3))
    assert len(shop.engine.asked) == len(other.asked) == 1
    assert {row.model_version for row in shop.impressions} == {shop.engine.version, "new"}


def test_the_same_wish_is_the_same_query_all_day_and_another_one_tomorrow(monkeypatch, store):
    midnight = 20_000 * 86_400
    found = []
    for now in (midnight, midnight + 86_399.9, midnight + 86_400):
        monkeypatch.setattr(wishes.time, "time", lambda now=now: now)
        found.append(wishes.query(Wish("ann", 3, recent=("serum",)), store.ann, wishes.Limits((), cautious=False)))
    assert found[0] == found[1] != found[2]
    assert hash(found[0]) == hash(found[1])


wish = st.builds(
    Wish,
    st.sampled_from(["", "ann", "bob"]),
    st.integers(1, 25),
    st.builds(
        Profile, exclude=st.sampled_from([(), ("mask",), ("mask", "balm")]), rebuys=st.sampled_from([None, 0, 1])
    ),
    st.sampled_from([(), ("serum",)]),
    st.sampled_from([None, "toner"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the fixture makes a new shop at each call
@given(asked=st.lists(st.tuples(wish, st.booleans(), st.sampled_from([("cream",), ("cream", "serum")])), max_size=12))
def test_whatever_is_asked_in_whatever_order_the_answers_are_the_models_own(open_shop, asked):
    shop, store = open_shop(), Known()
    remembering, plain = opened(shop, store, most=4), opened(shop, store, most=0)
    for one, reasons, has in asked:
        store.ann = replace(store.ann, products=has)
        assert (
            remembering.answer([one], "r", reasons=reasons).answers == plain.answer([one], "r", reasons=reasons).answers
        )


def test_a_model_that_is_not_in_service_any_more_is_let_go_at_once():
    class Model:
        def recommend(self, queries, _):
            return [None for _ in queries]

    model = Model()
    answers, gone = Answers(model, 10), weakref.ref(model)
    gc.disable()  # what is loaded at the start is out of its sight, too
    try:
        answers.to([Question(Query("ann"))])
        del model, answers
        assert gone() is None
    finally:
        gc.enable()
