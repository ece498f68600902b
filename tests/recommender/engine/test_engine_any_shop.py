"""Any shop, customer and question, on every path through the engine: no list breaks a rule.

What is forbidden is decided here by how the shop was made, not by the rules' own code.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from recommender.contract.query import Profile, Query
from recommender.contract.tables import Tables
from recommender.engine.engine import Engine
from recommender.knowledge.knowledge import Knowledge
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.model_data import model_data
from recommender.rules import Rules
from settings.config import Config

KNOWLEDGE = Knowledge.load()
CONFIG = Config.parse(
    {
        "model": {"ranker": {"enabled": False}, "groups": {"minimum": 1}},
        "rules": {"rebuy": {"minimum": 1, "share": 0.0}},
    },
    where="test",
)
DAY, BEGIN = 86_400, 19_000

FAMILIES = ("fragrance", "parabens", "sulfates", "silicones")
FAMILY_OF = {
    member.lower(): name
    for name in FAMILIES
    if name in KNOWLEDGE.families
    for member in KNOWLEDGE.families[name].members
}
PLAIN = ("glycerin", "niacinamide", "panthenol")
NAMES = {
    name: (name, *KNOWLEDGE.ingredients[name].synonyms)
    for name in (*PLAIN, *FAMILY_OF)
    if name in KNOWLEDGE.ingredients
}
"""Every ingredient of the shop with all its printed names."""

CASES = st.sampled_from([str.upper, str.lower, str.title])
SPELT = st.sampled_from(["{}", " {} ", "{}*", "{}."])
CATEGORIES = ("Skin > Face", "Skin > Body", "Hair", None)


@st.composite
def printed(draw, ingredient):
    """One way in which an ingredient is printed or wished."""
    return draw(SPELT).format(draw(CASES)(draw(st.sampled_from(NAMES[ingredient]))))


@dataclass
class Shop:
    """Its engine, and what is true of its products."""

    engine: Engine
    products: list[dict]
    label: list[set[str]]
    kind: list[int]
    rebought: set[int]

    def position(self, product_id):
        return int(product_id[1:])


@st.composite
def shops(draw):
    count = draw(st.integers(2, 14))
    labels = [set(draw(st.lists(st.sampled_from([*NAMES]), max_size=3))) for _ in range(count)]
    kinds = [draw(st.integers(0, 5)) for _ in range(count)]
    products = [
        {
            "product_id": f"p{i:02}",
            "family_id": f"kind {kinds[i]}",
            "name": f"Care Kind{kinds[i]} Lotion {draw(st.sampled_from([30, 50, 100]))} ml",
            "brand": "Maison",
            "ingredients": [draw(printed(name)) for name in sorted(labels[i])] or None,
            "stock": draw(st.sampled_from([0, 3, None])),
            "price": draw(st.none() | st.integers(1, 50)),
            "category": draw(st.sampled_from(CATEGORIES)),
        }
        for i in range(count)
    ]
    use = st.tuples(st.integers(0, 4), st.integers(0, count - 1), st.integers(0, 340))
    once = draw(st.lists(use, min_size=1, max_size=15))
    again = draw(st.lists(st.sampled_from(once), max_size=6))
    uses = [*once, *((who, what, day + 60) for who, what, day in again)]
    tables = Tables(
        products=pd.DataFrame(products),
        customers=pd.DataFrame(
            {"customer_id": [f"c{i}" for i in range(5)], "skin_type": ["dry", "oily", None, "dry", None]}
        ),
        transactions=pd.DataFrame(
            {
                "customer_id": [f"c{who}" for who, _, _ in uses],
                "product_id": [f"p{what:02}" for _, what, _ in uses],
                "time": pd.to_datetime([(BEGIN + day) * DAY for *_, day in uses], unit="s", utc=True).as_unit("us"),
                "position": 0,
                "quantity": 1,
            }
        ),
    )
    data = model_data(tables, seed=0)
    (hybrid,) = HybridFitter(data, CONFIG).fit_hybrids(data.histories)
    diversity = draw(st.sampled_from([0.0, 0.4]))
    generator = replace(
        hybrid.generator, settings=hybrid.generator.settings.model_copy(update={"diversity": diversity})
    )
    rules = Rules(data.catalogue, KNOWLEDGE, CONFIG.rules, data.rebuys)
    engine = Engine(replace(hybrid, generator=generator), data.catalogue, rules, "x")
    # Uses of a family by one customer are of one product that is bought again: any of its variants may stand for it.
    days = pd.DataFrame([(who, kinds[what], day) for who, what, day in uses]).groupby([0, 1])[2].nunique()
    kinds_rebought = {kind for (_, kind), distinct in days.items() if distinct > 1}
    rebought = {product for product, kind in enumerate(kinds) if kind in kinds_rebought}
    return Shop(engine, products, labels, kinds, rebought)


@st.composite
def questions(draw, shop):
    """A question, and the ingredients that it forbids."""
    ids = [product["product_id"] for product in shop.products] + ["unheard of"]
    bought = [f"p{product:02}" for product in sorted(shop.rebought)] * 3 + ids
    history = draw(
        st.lists(st.tuples(st.sampled_from(bought), st.integers(250, 400)), max_size=6).map(
            lambda h: sorted(h, key=lambda use: use[1])
        )
    )
    avoided, wishes = set(), []
    for name in draw(st.lists(st.sampled_from([*NAMES]), max_size=draw(st.sampled_from([0, 2])))):
        if name in FAMILY_OF and draw(st.booleans()):
            wishes.append(draw(CASES)(FAMILY_OF[name]))
            avoided |= {other for other in NAMES if FAMILY_OF.get(other) == FAMILY_OF[name]}
        else:
            wishes.append(draw(printed(name)))
            avoided.add(name)
    profile = Profile(
        age=draw(st.none() | st.integers(0, 90)),
        skin_type=draw(st.sampled_from([None, "dry", "oily"])),
        concerns=tuple(draw(st.lists(st.sampled_from(["rosacea", "wrinkles", "acne", "loneliness"]), max_size=2))),
        avoided_ingredients=tuple(wishes),
        category=draw(st.sampled_from([None, None, "skin", "Skin > Face", "Hair"])),
        min_price=draw(st.sampled_from([None, None, 0, 20])),
        max_price=draw(st.sampled_from([None, None, 30, 50])),
        exclude=tuple(draw(st.lists(st.sampled_from(ids), max_size=2))),
        rebuys=draw(st.sampled_from([None, 0, 1, 100, 100])),
    )
    query = Query(
        "x",
        k=draw(st.sampled_from([1, 3, 10, 100])),
        products=[product_id for product_id, _ in history],
        times=[(BEGIN + day) * DAY for _, day in history] if draw(st.integers(0, 3)) else (),
        dismissed=draw(st.lists(st.sampled_from(ids), max_size=2)),
        profile=profile,
        now=draw(st.none() | st.just((BEGIN + 460) * DAY)),
    )
    return query, avoided


def permitted(shop, query, avoided, product):
    """Whether a product may be shown to one who does not have it."""
    profile, facts = query.profile, shop.products[product]
    price = facts["price"]
    limited = profile.min_price is not None or profile.max_price is not None
    return (
        facts["stock"] != 0
        and not shop.label[product] & avoided
        and not (profile.avoided_ingredients and not shop.label[product])
        and facts["product_id"] not in {*query.dismissed, *profile.exclude}
        and (not profile.category or f"{facts['category']} > ".lower().startswith(f"{profile.category} > ".lower()))
        and (
            not limited
            or (
                price is not None
                and (profile.min_price or 0) <= price <= (99 if profile.max_price is None else profile.max_price)
            )
        )
    )


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_no_list_breaks_a_rule_and_none_is_shorter_than_it_must_be(data):
    shop = data.draw(shops())
    asked = [data.draw(questions(shop)) for _ in range(12)]
    for (query, avoided), answer in zip(asked, shop.engine.recommend([query for query, _ in asked]), strict=True):
        shown = [shop.position(item.product_id) for item in answer.items]
        again = [item.product_id for item in answer.items if any(reason.kind == "rebuy" for reason in item.reasons)]
        event(f"{answer.path}, {'rebuy' if again else 'new'}")
        assert all(permitted(shop, query, avoided, product) for product in shown)
        assert {item.product_id for item in answer.items} & {*query.products} == {*again}
        assert len(again) <= (query.profile.rebuys or 0)
        assert not again or query.times
        for product_id in again:
            assert shop.position(product_id) in shop.rebought
        # Distinct products, distinct even in size, as many as asked for or as there are.
        assert len({shop.kind[product] for product in shown}) == len(shown) <= query.k
        # What the rules refuse beyond what is forbidden (a wish's near spellings) shortens a list; nothing else does.
        allowed = shop.engine.rules.allowed_products(query, shop.engine.catalogue.positions(query.products)).allowed
        new = {shop.kind[product] for product in np.flatnonzero(allowed)}
        assert len(shown) >= min(query.k, len(new))
        scores = [item.score for item in answer.items]
        assert scores == sorted(scores, reverse=True)
        assert np.isfinite(scores).all()
        assert all(item.reasons for item in answer.items)


def test_the_shops_of_these_tests_know_families_and_synonyms():
    assert {*FAMILY_OF.values()} >= {"fragrance", "parabens"}
    assert len({FAMILY_OF[name] for name in NAMES if name in FAMILY_OF}) >= 2
    assert sum(len(names) > 1 for names in NAMES.values()) >= 3


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_ingredient_belongs_to_one_family_only_as_assumed_here(name):
    terms = KNOWLEDGE.label(name).terms
    assert {family for family in FAMILIES if family in terms} == ({FAMILY_OF[name]} if name in FAMILY_OF else set())
