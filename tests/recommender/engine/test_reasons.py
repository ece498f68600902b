from collections import Counter
from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.reasons.causes import fallen
from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.models.hybrid import RankingInput
from recommender.training.bundles import fit_on_everything
from settings.config import Config

KINDS = {"bought", "similar", "next", "group", "concern", "popular"}


@pytest.fixture(scope="module")
def asked(tables, config):
    return queries_from_tables(tables, sorted(tables.transactions["customer_id"].unique())[:60], config.seed, k=10)


@pytest.fixture(scope="module")
def told(engine, asked):
    """Query, item and reason of every reason given."""
    return [
        (query, item, reason)
        for query, answer in zip(asked, engine.recommend(asked), strict=True)
        for item in answer.items
        for reason in item.reasons
    ]


def test_kinds_shares_and_number(told):
    assert {reason.kind for _, _, reason in told} <= KINDS
    assert {"bought", "similar", "concern"} <= {reason.kind for _, _, reason in told}
    assert all(0 <= reason.share <= 1 for _, _, reason in told)
    assert all(1 <= len(item.reasons) <= 3 for _, item, _ in told)


def test_a_named_purchase_is_one_of_the_customers(engine, told):
    names, index = engine.catalogue.names, engine.catalogue.index
    for query, _, reason in told:
        if reason.kind in ("bought", "similar"):
            owned = [names[index[product]] for product in query.products]
            assert any(name in reason.text for name in owned), reason.text


def test_a_named_ingredient_is_in_the_product_and_serves_the_customers_concern(engine, told):
    for query, item, reason in told:
        if reason.kind == "concern":
            label = engine.catalogue.ingredients(engine.catalogue.index[item.product_id])
            (name,) = [name for name in label if reason.text.startswith(f"It contains {name} for ")]
            (concern,) = [concern for concern in query.profile.concerns if reason.text.endswith(f" for {concern}.")]
            assert concern in engine.rules.knowledge.concerns_of(name)


def test_without_concerns_no_ingredient_is_named(told):
    assert not any(reason.kind == "concern" for query, _, reason in told if not query.profile.concerns)


def test_the_only_purchase_carries_all_that_history_gives(engine):
    query = Query("x", products=(engine.catalogue.product_ids[3],))
    (answer,) = engine.recommend([query])
    from_history = [r for item in answer.items for r in item.reasons if r.kind in ("bought", "similar")]
    assert from_history
    assert all(reason.share == 1 for reason in from_history)


def test_what_no_purchase_led_to_was_found_by_the_network_or_is_everybodys(engine):
    generator, found = engine.hybrid.generator, set()
    most = round(generator.settings.candidates * generator.settings.network.share)
    for product, product_id in enumerate(engine.catalogue.product_ids):
        query = Query("x", k=100, products=(product_id,))
        (answer,) = engine.recommend([query])
        allowed = engine.rules.allowed_products(query, np.array([product])).allowed
        (ranking,) = engine.hybrid.rank([RankingInput(engine._history(query), query.profile, allowed)])
        scores = generator.network.scores(engine._history(query))[0]
        best = ranking.products[np.argsort(-scores[ranking.products], kind="stable")][:most]
        for item in answer.items:
            kinds = {reason.kind for reason in item.reasons}
            if not kinds & {"bought", "similar"}:
                assert ("next" in kinds) == (engine.catalogue.index[item.product_id] in best)
                found |= kinds
    assert found == {"next", "popular"}


def test_two_shades_that_have_one_name_are_named_once(engine):
    reasons = copy(engine._reasons)
    reasons._catalogue = replace(engine.catalogue, names=["Lip Balm"] * len(engine.catalogue.names))
    assert reasons._because([0, 1], alike=False, share=1.0).text == "Customers who have Lip Balm also bought it."


EVERYBODY = "Many customers bought it."


@pytest.mark.parametrize(
    ("profile", "texts"),
    [
        (Profile(), {"Many customers bought it lately."}),
        (Profile(concerns=("acne",)), {EVERYBODY}),
        (Profile(skin_type="dry"), {EVERYBODY, "People with dry skin buy it more often than others."}),
        (
            Profile(skin_type="dry", age=30),
            {
                EVERYBODY,
                "People with dry skin buy it more often than others.",
                "People aged 25+ buy it more often than others.",
                "People with dry skin, aged 25+ buy it more often than others.",
            },
        ),
        (Profile(age=30, region="nowhere"), {EVERYBODY, "People aged 25+ buy it more often than others."}),
    ],
)
def test_who_has_no_history_is_told_of_people_alike_or_of_everyone(engine, profile, texts):
    (answer,) = engine.recommend([Query("x", k=50, profile=profile)])
    assert {item.reasons[-1].text for item in answer.items} == texts


@pytest.mark.parametrize("region", [None, "north"])
def test_without_its_cause_a_product_falls_for_one_who_has_no_history(engine, tables, region):
    region = region and tables.customers["region"].dropna().iloc[0]
    profile = Profile(skin_type="dry", age=30, region=region, concerns=("acne", "redness"))
    told = [*fallen(engine, [Query("x", k=50, profile=profile)])]
    assert {*told} == {("concern", True), ("group", True)}


def test_the_named_purchases_carried_most_of_the_blend(engine, asked):
    generator = engine.hybrid.generator
    numbers = set()
    for query in asked[:20]:
        (answer,) = engine.recommend([query])
        owned = engine.catalogue.positions(dict.fromkeys(query.products))
        decay = generator.settings.families.decay ** np.arange(len(owned))[::-1]
        weights = np.array([getattr(generator.settings.families, name) for name in generator.neighbours.families])
        for item in answer.items:
            product = np.full(len(owned), engine.catalogue.index[item.product_id])
            linked, values = generator.neighbours.table.find(owned, product)
            carried = (values * weights).sum(axis=1) * decay[linked]
            told = [reason for reason in item.reasons if reason.kind in ("bought", "similar")]
            assert len(told) == bool(carried.sum())
            for reason in told:
                shares = np.sort(carried / carried.sum())[::-1]
                number = 1 if shares[0] >= 0.7 else 2
                named = [engine.catalogue.names[owned[linked[i]]] for i in np.argsort(-carried)[:number]]
                assert " and ".join(dict.fromkeys(named)) in reason.text
                assert reason.share == pytest.approx(shares[:number].sum(), abs=1e-3)
                numbers.add(number)
    assert numbers == {1, 2}


def test_without_its_cause_a_product_falls_for_one_who_has_a_history(engine, asked):
    told = Counter(fallen(engine, asked))
    kinds = {kind: told[kind, True] / (told[kind, True] + told[kind, False]) for kind, _ in told}
    assert kinds["concern"] == 1
    # The re-ranker weighs a purchase along with much else that goes with it, so a few scores rise.
    assert {"bought", "similar", "concern"} == {*kinds}
    assert kinds["bought"] > 0.7
    assert kinds["similar"] > 0.7


@pytest.mark.parametrize(
    ("skin_type", "text"), [(None, "Many customers bought it."), ("dry", "People with dry skin buy it.")]
)
def test_what_no_purchase_led_to_is_the_groups_or_everybodys(tables_of, tmp_path, skin_type, text):
    products = {"product_id": ["a", "b", "c"], "name": ["Rose Cream", "Clay Mask", "Argan Oil"]}
    customers = {"customer_id": [*"xyz"], "skin_type": [None, "dry", "dry"]}
    uses = {"customer_id": [*"xyyz"], "product_id": [*"caba"]}
    config = Config.parse({"model": {"ranker": {"enabled": False}, "groups": {"minimum": 2}}}, where="test")
    fit_on_everything(tables_of(products=products, customers=customers, transactions=uses), config, tmp_path / "model")
    # Nobody who has the oil has anything else, and its name is like no other.
    query = Query("x", products=("c",), profile=Profile(skin_type=skin_type))
    (answer,) = Engine.load(tmp_path / "model").recommend([query])
    assert answer.path == "personal"
    assert [item.product_id for item in answer.items] == ["a", "b"]
    assert {reason.text for item in answer.items for reason in item.reasons} == {text}
