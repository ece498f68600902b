"""Products that are due again, from the rules to the list."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommender.config.model import RebuySettings, RuleSettings
from recommender.contract.query import Profile, Query
from recommender.contract.tables import Tables
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue_building import build_catalogue
from recommender.models.products.rebuys import Rebuys
from recommender.rules import Rules

DAY = 86_400
GAP = 60
BOUGHT, TODAY = 20_000, 20_000 + GAP


def rules_of(*products, **settings):
    """Rules of a shop where every product is bought again after ``GAP`` days, p0 by most, then p1, and so on."""
    table = pd.DataFrame([{"product_id": f"p{i}", "name": f"Product {i}"} | row for i, row in enumerate(products)])
    catalogue = build_catalogue(Tables(products=table))
    size = len(catalogue)
    rebuys = Rebuys(
        again=np.full(size, 10, np.int32),
        share=np.linspace(0.9, 0.5, size).astype(np.float32),
        gap=np.full(size, GAP, np.float32),
        last_day=TODAY,
    )
    return Rules(catalogue, Knowledge.load(), RuleSettings(rebuy=RebuySettings(**settings)), rebuys)


def asked(*products, days=None, **wishes):
    times = [BOUGHT * DAY] * len(products) if days is None else [day * DAY for day in days]
    return Query("anna", products=products, times=times, profile=Profile(**({"rebuys": 5} | wishes)))


def due(rules, query):
    found = rules.allowed_products(query, rules.catalogue.positions(query.products)).due
    return [rules.catalogue.product_ids[one.product] for one in found]


def test_what_is_due_is_owned_long_enough():
    (found,) = rules_of({}, {}).allowed_products(asked("p1"), np.array([1])).due
    assert (found.product, found.since, found.usual) == (1, GAP, GAP)


@pytest.mark.parametrize(("since", "is_due"), [(0, 0), (GAP - 1, 0), (GAP, 1), (3 * GAP, 1), (3 * GAP + 1, 0)])
def test_the_time_in_which_a_product_is_due(since, is_due):
    assert len(due(rules_of({}), asked("p0", days=[TODAY - since]))) == is_due


def test_the_last_purchase_counts():
    rules = rules_of({})
    assert due(rules, asked("p0", "p0", days=[BOUGHT - GAP, BOUGHT])) == ["p0"]
    assert due(rules, asked("p0", "p0", days=[BOUGHT, TODAY - 1])) == []


def test_today_is_when_the_question_is_asked_or_the_last_day_known():
    rules = rules_of({}, {})
    fresh = asked("p0", days=[TODAY - 1])
    assert due(rules, fresh) == []
    assert due(rules, replace(fresh, now=(TODAY - 1 + GAP) * DAY)) == ["p0"]
    assert due(rules, asked("p0", "p1", days=[TODAY - 1, TODAY - 1 + GAP])) == ["p0"]


def test_an_unknown_time_is_never_due():
    rules = rules_of({})
    assert due(rules, asked("p0", days=[0])) == []
    assert due(rules, replace(asked("p0"), times=())) == []


@pytest.mark.parametrize(
    ("settings", "is_due"), [({"minimum": 10}, 1), ({"minimum": 11}, 0), ({"share": 0.9}, 1), ({"share": 0.91}, 0)]
)
def test_people_must_buy_it_again(settings, is_due):
    assert len(due(rules_of({}, **settings), asked("p0"))) == is_due


def test_what_most_people_buy_again_comes_first():
    assert due(rules_of({}, {}, {}), asked("p2", "p0", "p1")) == ["p0", "p1", "p2"]


@pytest.mark.parametrize(("places", "wish", "is_due"), [(0, None, 0), (1, None, 1), (1, 0, 0), (0, 1, 1)])
def test_the_request_goes_before_the_configuration(places, wish, is_due):
    assert len(due(rules_of({}, places=places), asked("p0", rebuys=wish))) == is_due


@pytest.mark.parametrize(
    ("product", "wishes"),
    [
        ({"stock": 0}, {}),
        ({"ingredients": ["Parfum"]}, {"avoided_ingredients": ("fragrance",)}),
        ({}, {"avoided_ingredients": ("fragrance",)}),
        ({}, {"exclude": ("p0",)}),
        ({"category": "Hair"}, {"category": "Skin"}),
        ({"price": 30.0}, {"max_price": 20.0}),
    ],
)
def test_no_other_rule_gives_way(product, wishes):
    assert due(rules_of(product), asked("p0", **wishes)) == []


def test_what_was_dismissed_is_not_due():
    assert due(rules_of({}), replace(asked("p0"), dismissed=("p0",))) == []


def test_the_check_lets_what_is_due_pass_and_no_other_owned_product():
    rules = rules_of({}, {}, {})
    query = asked("p0", "p1", days=[BOUGHT, TODAY])
    assert [(found.product_id, found.rule) for found in rules.check(query, ["p0", "p1", "p2"])] == [("p1", "owned")]


# The whole engine, on the synthetic shop, where some products run out and are bought again.


@pytest.fixture(scope="module")
def rebuying(engine, tables, config):
    """Queries of customers who have something that is due, and the engine's answers to them."""
    known = queries_from_tables(tables, sorted(tables.transactions["customer_id"].unique()), config.seed, k=10)
    wished = [replace(query, profile=replace(query.profile, rebuys=2)) for query in known]
    answers = engine.recommend(wished)
    return [pair for pair in zip(wished, answers, strict=True) if pair[1].items[:1] and is_rebuy(pair[1].items[0])]


def is_rebuy(item):
    return any(reason.kind == "rebuy" for reason in item.reasons)


def test_what_is_due_takes_the_first_places_and_no_others(engine, rebuying):
    assert len(rebuying) > 5
    for query, answer in rebuying:
        again = [is_rebuy(item) for item in answer.items]
        assert 1 <= sum(again) <= 2
        assert again == sorted(again, reverse=True)
        assert [item.product_id in query.products for item in answer.items] == again
        scores = [item.score for item in answer.items]
        assert scores == sorted(scores, reverse=True)
        assert scores[sum(again) - 1] > scores[sum(again)]
        assert engine.rules.check(query, [item.product_id for item in answer.items]) == []


def test_what_is_new_stands_as_it_does_without(engine, rebuying):
    bare = engine.recommend([replace(query, profile=replace(query.profile, rebuys=None)) for query, _ in rebuying])
    for (_, answer), without in zip(rebuying, bare, strict=True):
        assert not any(is_rebuy(item) for item in without.items)
        groups = engine.catalogue.family
        again = {groups[engine.catalogue.index[item.product_id]] for item in answer.items if is_rebuy(item)}
        new = [item for item in answer.items if not is_rebuy(item)]
        kept = [item for item in without.items if groups[engine.catalogue.index[item.product_id]] not in again]
        assert new == kept[: len(new)]


def test_the_reason_says_when_it_was_bought(engine, rebuying):
    for query, answer in rebuying:
        item = answer.items[0]
        last = max(t for p, t in zip(query.products, query.times, strict=True) if p == item.product_id) // DAY
        since = max(engine.rules.rebuying.rebuys.last_day, max(query.times) // DAY) - last
        assert item.reasons[0].text.endswith(f"; you did {since} days ago.")


def test_the_bundle_keeps_what_was_counted(model, tables):
    """Of each product, in any variant, as many customers as the transactions tell."""
    engine = Engine.load(model)
    days = tables.transactions.assign(day=tables.transactions["time"].dt.floor("D"))
    family = engine.catalogue.family
    days["family"] = days["product_id"].map(engine.catalogue.index).map(lambda position: family[position])
    counts = days.groupby(["family", "customer_id"])["day"].nunique()
    again = (counts > 1).groupby("family").sum()
    expected = again.reindex(family).fillna(0).to_numpy()
    assert expected.sum() > 20
    found = engine.rules.rebuying.rebuys.again
    assert (found >= expected).all()  # purchase events may tell of more
    assert abs(found.sum() - expected.sum()) <= 0.1 * expected.sum()
