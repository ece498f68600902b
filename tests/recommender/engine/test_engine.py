"""The engine on every path: from a history, from a profile, from nothing."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrastructure.errors import BundleError
from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from recommender.engine.queries import queries_from_tables
from recommender.models.bundle import Bundle
from recommender.rules import AllowedProducts

DAY = 86_400
PATHS = {
    "personal": Query("p", k=50),
    "group": Query("g", k=50, profile=Profile(skin_type="dry", age=30)),
    "popular": Query("n", k=50),
}


@pytest.fixture(scope="module")
def known(tables, config):
    """What serving would ask for the shop's customers."""
    return queries_from_tables(tables, sorted(tables.transactions["customer_id"].unique())[:60], config.seed, k=10)


@pytest.fixture(params=[*PATHS])
def query(request, known):
    """One query a path."""
    asked = PATHS[request.param]
    longest = max(known, key=lambda query: len(query.products))
    return replace(asked, products=longest.products, times=longest.times) if request.param == "personal" else asked


def answered(engine, query):
    (answer,) = engine.recommend([query])
    return answer


def ids(answer):
    return [item.product_id for item in answer.items]


def with_profile(query, **wishes):
    return replace(query, profile=replace(query.profile, **wishes))


def shown(engine, query):
    """Positions of the answer's products."""
    return engine.catalogue.positions(ids(answered(engine, query)))


def test_each_way_of_answering_is_taken(engine):
    assert answered(engine, PATHS["group"]).path == "group"
    assert answered(engine, PATHS["popular"]).path == "popular"
    bought = replace(PATHS["personal"], products=(engine.catalogue.product_ids[0],))
    assert answered(engine, bought).path == "personal"


def test_the_path_is_the_one_asked_for(engine, query):
    path = answered(engine, query).path
    assert path == {"p": "personal", "g": "group", "n": "popular"}[query.customer_id]


# Rules, each by looking at the products themselves.


def test_nothing_out_of_stock(engine, query):
    assert not engine.catalogue.in_stock.all()
    assert engine.catalogue.in_stock[shown(engine, replace(query, k=100))].all()


def test_no_avoided_ingredient(engine, query):
    catalogue = engine.catalogue
    before = shown(engine, query)
    avoided = next(name for name in catalogue.ingredients(before[0]) if name != "aqua")
    after = shown(engine, with_profile(query, avoided_ingredients=(avoided.upper(),)))
    assert len(after)
    assert before[0] not in after
    assert not any(avoided in catalogue.ingredients(product) for product in after)
    assert catalogue.ingredients_known[after].all()


def test_nothing_dismissed_or_excluded(engine, query):
    first, second, *_ = ids(answered(engine, query))
    asked = with_profile(replace(query, dismissed=(first,)), exclude=(second,))
    assert not {first, second} & {*ids(answered(engine, asked))}


def test_nothing_the_customer_has(engine, query):
    first = ids(answered(engine, query))[0]
    assert first not in ids(answered(engine, replace(query, products=(first,), times=())))


def test_only_the_wished_category(engine, query):
    catalogue = engine.catalogue
    wished = catalogue.categories[shown(engine, query)[-1]].split(" > ")[0]
    after = shown(engine, with_profile(query, category=wished))
    assert len(after)
    assert all(catalogue.categories[product].split(" > ")[0] == wished for product in after)


def test_only_within_the_price_limits(engine, query):
    low, high = np.nanquantile(engine.catalogue.price, [0.3, 0.6]).tolist()
    prices = engine.catalogue.price[shown(engine, with_profile(query, min_price=low, max_price=high))]
    assert len(prices)
    assert np.all((prices >= low) & (prices <= high))


def test_wishes_that_nothing_fulfils_are_answered_with_nothing(engine, query):
    answer = answered(engine, with_profile(query, min_price=1e6))
    assert answer.items == ()
    assert sum(answer.removed.values()) == len(engine.catalogue)


def test_the_finished_list_is_judged_again_by_other_code(engine, query, monkeypatch):
    """Were the rules' masks wrong, no forbidden product would be shown, and the list would still be full."""
    everything = np.ones(len(engine.catalogue), np.bool_)
    monkeypatch.setattr(engine.rules, "allowed_products", lambda *_: AllowedProducts(everything, {}))
    asked = with_profile(replace(query, k=10), avoided_ingredients=("fragrance",))
    answer = answered(engine, asked)
    assert engine.rules.check(asked, ids(answer)) == []
    assert len(answer.items) == 10


def test_removed_counts_what_the_rules_took(engine, query):
    answer = answered(engine, query)
    assert answer.removed["out_of_stock"] == (~engine.catalogue.in_stock).sum()
    owned = np.unique(engine.catalogue.families.with_variants(engine.catalogue.positions({*query.products})))
    assert answer.removed.get("owned", 0) == engine.catalogue.in_stock[owned].sum()


WISHES = st.fixed_dictionaries(
    {
        "avoided_ingredients": st.lists(st.sampled_from(["fragrance", "Alcohol Denat.", "parabens"]), max_size=2),
        "category": st.sampled_from([None, "Skin", "Hair", "Make-up"]),
        "max_price": st.none() | st.floats(5, 60),
        "skin_type": st.sampled_from([None, "dry", "oily"]),
        "age": st.none() | st.integers(10, 90),
        "concerns": st.lists(st.sampled_from(["redness", "acne", "unheard of"]), max_size=2),
    }
).map(lambda wishes: Profile(**{name: tuple(v) if isinstance(v, list) else v for name, v in wishes.items()}))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), profile=WISHES, k=st.integers(1, 100))
def test_any_query_gets_distinct_products_in_falling_order_that_keep_the_rules(engine, data, profile, k):
    catalogue = engine.catalogue
    some = st.lists(st.sampled_from([*catalogue.product_ids, "unheard of"]), max_size=8, unique=True)
    products = data.draw(some)
    times = sorted(data.draw(st.lists(st.integers(0, 20_000 * DAY), min_size=len(products), max_size=len(products))))
    query = Query("x", k, products, data.draw(st.sampled_from([(), times])), data.draw(some), profile)
    answer = answered(engine, query)
    found = catalogue.positions(ids(answer))
    scores = [item.score for item in answer.items]
    assert len(found) == len(scores) <= k
    assert len({*catalogue.family[found].tolist()}) == len(found)
    assert scores == sorted(scores, reverse=True)
    assert engine.rules.check(query, ids(answer)) == []
    allowed = engine.rules.allowed_products(query, catalogue.positions(products)).allowed
    assert len(found) >= min(k, 10, len({*catalogue.family[allowed].tolist()}))


@pytest.mark.parametrize("k", [1, 2, 10, 50])
def test_a_shorter_list_is_the_beginning_of_a_longer_one(engine, query, k):
    assert ids(answered(engine, replace(query, k=k))) == ids(answered(engine, replace(query, k=60)))[:k]
    assert len(ids(answered(engine, replace(query, k=k)))) == k


def test_products_the_model_does_not_know_are_passed_over(engine, query):
    odd = replace(
        query,
        products=("unheard of", *query.products),
        times=(0, *query.times) if query.times else (),
        dismissed=("unheard of too",),
    )
    assert answered(engine, odd) == answered(engine, query)


def test_a_product_bought_again_counts_from_its_first_use(engine, known):
    product, time = known[0].products[0], known[0].times[0]
    once = Query("x", products=(product,), times=(time,))
    twice = Query("x", products=(product, product), times=(time, time + 200 * DAY))
    assert answered(engine, twice) == answered(engine, once)
    assert answered(engine, once) != answered(engine, replace(once, times=(time + 200 * DAY,)))


def test_the_order_of_a_history_matters(engine, known):
    ordered = [query for query in known if len(query.products) > 2]
    turned = [replace(query, products=query.products[::-1]) for query in ordered]
    differing = [ids(a) != ids(b) for a, b in zip(engine.recommend(ordered), engine.recommend(turned), strict=True)]
    assert sum(differing) > len(differing) / 2


def test_answering_together_or_alone_is_the_same(engine, known):
    asked = [*known[:20], *PATHS.values(), *known[20:30]]
    together = engine.recommend(asked)
    assert together == [answered(engine, query) for query in asked]
    assert [answer.customer_id for answer in together] == [query.customer_id for query in asked]


def test_nobody_asked_nothing_answered(engine):
    assert engine.recommend([]) == []


def test_a_bundle_loaded_again_answers_the_same(engine, known, model):
    again = Engine.load(model)
    assert again.version == engine.version == Bundle.open(model).version
    assert again.recommend(known) == engine.recommend(known)


def test_without_reasons_the_same_products_come_without_reasons(engine, known):
    for bare, full in zip(engine.recommend(known, reasons=False), engine.recommend(known), strict=True):
        assert ids(bare) == ids(full)
        assert all(item.reasons == () for item in bare.items)
        assert all(item.reasons for item in full.items)


def test_an_engine_that_nobody_asks_any_more_is_let_go_at_once(model, known):
    """What is loaded when serving starts is out of the garbage collector's sight: no ring may keep it in memory."""
    gone = Engine.load(model)
    gone.recommend([*known[:9], replace(known[0], profile=Profile(avoided_ingredients=("talc",), category="Skin"))])
    parts = {
        "catalogue": gone.catalogue,
        "rules": gone.rules,
        "neighbours": gone.hybrid.generator.neighbours.table,
        "popularity": gone.hybrid.generator.popularity,
        "trees": gone.hybrid.ranker.trees,
    }
    watched = {name: weakref.ref(part) for name, part in parts.items()}
    gc.disable()
    try:
        del gone, parts
        assert [name for name, part in watched.items() if part() is not None] == []
    finally:
        gc.enable()


def test_a_folder_that_is_no_bundle_is_refused(tmp_path):
    with pytest.raises(BundleError):
        Engine.load(tmp_path)


def test_people_with_different_skin_get_different_products(engine):
    lists = {
        tuple(ids(answered(engine, Query("x", profile=Profile(skin_type=skin)))))
        for skin in (None, "dry", "oily", "normal")
    }
    assert len(lists) > 2


def test_a_concern_raises_products_that_serve_it(engine):
    def served(profile):
        names = [engine.catalogue.ingredients(product) for product in shown(engine, Query("x", profile=profile))]
        concerns_of = engine.rules.knowledge.concerns_of
        return sum(any("acne" in concerns_of(name) for name in label) for label in names)

    assert served(Profile(concerns=("acne",))) > served(Profile())


@pytest.mark.parametrize(("word", "key"), [("Rosacea", "redness"), ("wrinkles", "ageing"), ("redness", "redness")])
def test_a_concern_is_understood_by_any_of_its_words(engine, query, word, key):
    said, meant, nothing = (
        answered(engine, with_profile(query, concerns=concerns)) for concerns in ((word, "loneliness"), (key,), ())
    )
    assert said == meant
    assert said != nothing
    (long,) = engine.recommend([replace(with_profile(query, concerns=(word,)), k=100)])
    assert any(reason.text.endswith(f" for {key}.") for item in long.items for reason in item.reasons)


def test_an_unknown_concern_is_ignored(engine, query):
    assert answered(engine, with_profile(query, concerns=("loneliness",))) == answered(engine, query)
