import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.config.model import RuleSettings
from recommender.contract.query import Profile, Query
from recommender.contract.tables import Tables
from recommender.knowledge.knowledge import Knowledge
from recommender.models.products.catalogue_building import build_catalogue
from recommender.rules import RULES, Rules
from recommender.rules import rules as conditions

KNOWLEDGE = Knowledge.load()
NOBODY = np.empty(0, dtype=np.int64)


def shop(products, **rule_settings):
    """The rules over a catalogue of these products, each a dict of its columns."""
    table = pd.DataFrame([{"product_id": f"p{i}", "name": f"Product {i}"} | row for i, row in enumerate(products)])
    return Rules(build_catalogue(Tables(products=table)), KNOWLEDGE, RuleSettings(**rule_settings))


def asked(**profile):
    return Query("anna", profile=Profile(**profile))


def allowed(shop, query, owned=NOBODY):
    verdict = shop.allowed_products(query, owned)
    return [shop.catalogue.product_ids[i] for i in np.flatnonzero(verdict.allowed)]


def test_nothing_asked_nothing_removed():
    stocked = shop([{"stock": 3}, {"stock": None}, {}])
    verdict = stocked.allowed_products(asked(), NOBODY)
    assert verdict.allowed.all()
    assert verdict.removed == {}


def test_out_of_stock():
    stocked = shop([{"stock": 0}, {"stock": 1}, {"stock": None}])
    assert allowed(stocked, asked()) == ["p1", "p2"]
    assert stocked.allowed_products(asked(), NOBODY).removed == {conditions.OUT_OF_STOCK: 1}


def test_avoided_family_synonym_and_name():
    stocked = shop(
        [{"ingredients": ["Aqua", "Parfum"]}, {"ingredients": ["Water", "Linalool"]}, {"ingredients": ["Aqua"]}]
    )
    assert allowed(stocked, asked(avoided_ingredients=("fragrance",))) == ["p2"]
    assert allowed(stocked, asked(avoided_ingredients=("linalool",))) == ["p0", "p2"]
    assert allowed(stocked, asked(avoided_ingredients=("WATER",))) == []


@pytest.mark.parametrize(
    ("setting", "wish", "avoided", "shown"),
    [
        ("refuse", None, (), True),  # who avoids nothing is not concerned
        ("refuse", None, ("parabens",), False),
        ("allow", None, ("parabens",), True),
        ("allow", True, (), False),  # the customer's word goes before the setting
        ("refuse", False, ("parabens",), True),
    ],
)
def test_unknown_ingredients(setting, wish, avoided, shown):
    stocked = shop([{"ingredients": None}], unknown_ingredients=setting)
    query = asked(avoided_ingredients=avoided, avoid_unknown_ingredients=wish)
    assert allowed(stocked, query) == (["p0"] if shown else [])


def test_owned():
    verdict = shop([{}, {}]).allowed_products(asked(), np.array([0, 0]))
    assert verdict.allowed.tolist() == [False, True]
    assert verdict.removed == {conditions.OWNED: 1}


def test_dismissed_and_excluded():
    query = Query("anna", dismissed=("p0", "unheard of"), profile=Profile(exclude=("p1",)))
    assert allowed(shop([{}, {}, {}]), query) == ["p2"]


@pytest.mark.parametrize(
    ("category", "shown"),
    [("Skin", ["p0", "p1"]), ("skin > FACE", ["p0"]), ("Ski", []), ("Skin > Body", []), (None, 3)],
)
def test_category_by_whole_parts(category, shown):
    stocked = shop([{"category": "Skin > Face > Cream"}, {"category": "Skin"}, {"category": None}])
    assert allowed(stocked, asked(category=category)) == (shown if category else ["p0", "p1", "p2"])


def test_price_limits_include_their_ends_and_refuse_unknown_prices():
    stocked = shop([{"price": 10.0}, {"price": 20.0}, {"price": None}])
    assert allowed(stocked, asked(min_price=10.0, max_price=10.0)) == ["p0"]
    assert allowed(stocked, asked(min_price=15.0)) == ["p1"]
    assert allowed(stocked, asked()) == ["p0", "p1", "p2"]


def test_a_product_counts_for_the_first_rule_that_refuses_it():
    stocked = shop([{"stock": 0, "ingredients": ["Parfum"]}, {"ingredients": ["Parfum"]}, {"ingredients": None}, {}])
    verdict = stocked.allowed_products(
        Query("anna", dismissed=("p1",), profile=Profile(avoided_ingredients=("parfum",))), NOBODY
    )
    assert verdict.removed == {
        conditions.OUT_OF_STOCK: 1,
        conditions.AVOIDED_INGREDIENT: 1,
        conditions.UNKNOWN_INGREDIENTS: 2,
    }


def test_check_refuses_what_is_not_in_the_catalogue():
    (violation,) = shop([{}]).check(asked(), ["unheard of"])
    assert violation.rule == conditions.UNKNOWN_PRODUCT


def test_check_names_product_rule_and_ingredient():
    stocked = shop([{"ingredients": ["Aqua", "Limonene"]}, {"ingredients": ["Aqua"]}])
    (violation,) = stocked.check(asked(avoided_ingredients=("fragrance",)), ["p0", "p1"])
    assert (violation.product_id, violation.rule, violation.detail) == ("p0", conditions.AVOIDED_INGREDIENT, "limonene")


# Arbitrary shops and customers, with names printed in every way.

KNOWN = st.sampled_from(
    [
        *KNOWLEDGE.ingredients,
        *(synonym for entry in KNOWLEDGE.ingredients.values() for synonym in entry.synonyms),
        *(member for family in KNOWLEDGE.families.values() for member in family.members),
    ]
)
MADE_UP = st.text(alphabet="abcdeöß향 -()/,.'123", min_size=1, max_size=20)
SPELT = st.sampled_from(["{}", " {} ", "{}*", "{}.", "({})", "{} (from palm)", "Organic {}", "Aqua/{}", "{} 5%"])
CASES = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])
PRINTED = st.builds(lambda spelt, case, name: spelt.format(case(name)), SPELT, CASES, KNOWN | MADE_UP)
WISHES = PRINTED | st.sampled_from([*KNOWLEDGE.families]) | st.builds("no {}".format, KNOWN)
PRODUCTS = st.fixed_dictionaries(
    {},
    optional={
        "ingredients": st.none() | st.lists(PRINTED, max_size=4),
        "stock": st.sampled_from([0, 1, None]),
        "price": st.none() | st.floats(0, 100),
        "category": st.sampled_from(["Skin", "Skin > Face", "Hair", "", None]),
    },
)
IDS = st.lists(st.sampled_from([f"p{i}" for i in range(6)]), max_size=3)
QUERIES = st.builds(
    Query,
    customer_id=st.just("anna"),
    products=IDS,
    dismissed=IDS,
    profile=st.builds(
        Profile,
        avoided_ingredients=st.lists(WISHES, max_size=3).map(tuple),
        avoid_unknown_ingredients=st.sampled_from([None, True, False]),
        category=st.sampled_from([None, "Skin", "skin > face"]),
        min_price=st.none() | st.floats(0, 100),
        max_price=st.none() | st.floats(0, 100),
        exclude=IDS.map(tuple),
    ),
)
SETTINGS = st.fixed_dictionaries(
    {"unknown_ingredients": st.sampled_from(["refuse", "allow"]), "cached_wishes": st.just(2)}
)


@given(st.lists(PRODUCTS, min_size=1, max_size=6), SETTINGS, st.lists(QUERIES, min_size=1, max_size=3))
def test_what_the_verdict_allows_the_check_finds_faultless_and_nothing_else(products, rule_settings, queries):
    stocked = shop(products, **rule_settings)
    for query in [*queries, *queries]:  # the second time from the cache
        verdict = stocked.allowed_products(query, stocked.catalogue.positions(query.products))
        faulty = {violation.product_id for violation in stocked.check(query, stocked.catalogue.product_ids)}
        free = {stocked.catalogue.product_ids[i] for i in np.flatnonzero(verdict.allowed)}
        assert free == set(stocked.catalogue.product_ids) - faulty
        assert sum(verdict.removed.values()) == len(faulty)
        assert set(verdict.removed) <= set(RULES)


@pytest.mark.parametrize("price", [9.99, 12.34, 19.9, 0.1])
def test_a_product_at_just_the_limit_is_within_it(price):
    stocked = shop([{"price": price}, {"price": price + 1}])
    for limit, within in (("min_price", {"p0", "p1"}), ("max_price", {"p0"})):
        query = asked(**{limit: price})
        assert {*allowed(stocked, query)} == within
        assert {violation.product_id for violation in stocked.check(query, ["p0", "p1"])} == {"p0", "p1"} - within


def test_a_limit_beyond_all_prices_is_no_mistake():
    assert allowed(shop([{"price": 10.0}]), asked(max_price=1e300)) == ["p0"]


@given(st.data(), st.lists(PRODUCTS, max_size=4), KNOWN | MADE_UP)
def test_no_spelling_of_an_avoided_ingredient_slips_through(data, products, name):
    if not KNOWLEDGE.label(f"({name})").words:  # "(1)" is a footnote
        return
    printed = data.draw(SPELT).format(data.draw(CASES)(name))
    wished = data.draw(SPELT).format(data.draw(CASES)(name))
    stocked = shop([*products, {"ingredients": ["Glycerin", printed]}])
    assert stocked.catalogue.product_ids[-1] not in allowed(stocked, asked(avoided_ingredients=(wished,)))


@given(st.data(), st.sampled_from([(key, m) for key, family in KNOWLEDGE.families.items() for m in family.members]))
def test_no_member_of_an_avoided_family_slips_through(data, membership):
    family, member = membership
    printed = data.draw(SPELT).format(data.draw(CASES)(member))
    assert allowed(shop([{"ingredients": [printed]}]), asked(avoided_ingredients=(family,))) == []


def test_an_ingredient_that_cannot_be_read_counts_as_not_known():
    stocked = shop(
        [{"ingredients": ["정제수", "병출추출물"]}, {"ingredients": ["정제수", "글리세린"]}, {"ingredients": None}]
    )
    query = asked(avoided_ingredients=("parabens",))
    assert allowed(stocked, query) == ["p1"]
    assert [(found.product_id, found.rule, found.detail) for found in stocked.check(query, ["p0", "p1", "p2"])] == [
        ("p0", conditions.UNKNOWN_INGREDIENTS, "병출추출물"),
        ("p2", conditions.UNKNOWN_INGREDIENTS, ""),
    ]
    assert allowed(stocked, asked()) == ["p0", "p1", "p2"]


def test_an_avoided_ingredient_is_met_under_its_korean_name():
    stocked = shop([{"ingredients": ["정제수", "부틸페 닐메칠프로피오날"]}, {"ingredients": ["정제수"]}])
    assert allowed(stocked, asked(avoided_ingredients=("fragrance",))) == ["p1"]
    assert allowed(stocked, asked(avoided_ingredients=("lilial", "butylphenyl methylpropional"))) == ["p1"]


@pytest.mark.parametrize("nothing", ["none", "Keine", "n/a", "-", " ", "no allergies"])
def test_who_says_to_avoid_nothing_is_refused_nothing(nothing):
    stocked = shop([{"ingredients": None}, {"ingredients": ["None"]}])
    query = asked(avoided_ingredients=(nothing,))
    assert allowed(stocked, query) == ["p0", "p1"]
    assert stocked.check(query, ["p0", "p1"]) == []
    assert stocked.unrecognised([nothing]) == ()


@pytest.mark.parametrize(
    ("text", "unrecognised"),
    [
        ("bergamot peel", []),
        ("bergamot leaf", ["bergamot leaf"]),
        ("retinol and bergamot", []),
        ("retinol, zyxolide", ["zyxolide"]),
        ("zyxolid", []),
        ("retinol", []),
    ],
)
def test_words_are_recognised_that_the_knowledge_or_a_label_has(text, unrecognised):
    stocked = shop([{"ingredients": ["Bergamot Fruit Peel"]}, {"ingredients": ["Zyxolid", "Aqua"]}])
    assert [words.text for words in stocked.unrecognised([text])] == unrecognised


WORDS = st.sampled_from(["retinol", "nuts", "bergamot", "zyxolide", "blah", "fragrence", "please", "no", "oil", "none"])
JOINTS = st.sampled_from([" ", ", ", " and ", " und ", "/", "; "])


@given(st.lists(st.tuples(WORDS, JOINTS), min_size=1, max_size=4))
def test_no_word_is_passed_over(parts):
    """Each word of a text means something known, excludes a product, names nothing, or is told."""
    stocked = shop([{"ingredients": ["Bergamot Fruit Peel"]}, {"ingredients": ["Retinol"]}, {"ingredients": ["Aqua"]}])
    text = "".join(word + joint for word, joint in parts)
    told = " ".join(words.text for words in stocked.unrecognised([text]))
    for word in {word for word, _ in parts}:
        if word in ("zyxolide", "blah", "fragrence"):
            assert word in told
        if word in ("retinol", "nuts"):
            assert KNOWLEDGE.resolve(word).terms <= KNOWLEDGE.resolve(text).terms


def test_only_words_that_exclude_nothing_are_to_be_refused_and_only_by_setting():
    products = [{"ingredients": ["Aqua"]}]
    words = ["nuts", "fragrence", "zyxolide"]
    assert shop(products).refused(words) == ()
    (refused,) = shop(products, unrecognised_avoidances="refuse").refused(words)
    assert refused.text == "zyxolide"


FAMILY = [
    {"family_id": "cream", "ingredients": ["Aqua", "Parfum"]},
    {"family_id": "cream", "ingredients": ["Aqua"]},
    {"family_id": "cream", "stock": 0},
    {},
]


def test_who_has_a_variant_has_the_family():
    stocked = shop(FAMILY)
    query = Query("anna", products=("p2",))
    assert allowed(stocked, query, np.array([2])) == ["p3"]
    broken = stocked.check(query, ["p0", "p1", "p3"])
    assert [(found.product_id, found.rule, found.detail) for found in broken] == [
        ("p0", conditions.OWNED, "p2"),
        ("p1", conditions.OWNED, "p2"),
    ]


def test_what_is_owned_beside_the_history_is_not_shown_either():
    stocked = shop(FAMILY)
    broken = stocked.check(Query("anna", owned=("p1",)), ["p0", "p1", "p3"])
    assert [(found.product_id, found.rule) for found in broken] == [("p0", conditions.OWNED), ("p1", conditions.OWNED)]


def test_each_variant_is_judged_by_its_own_label():
    stocked = shop(FAMILY)
    assert allowed(stocked, asked(avoided_ingredients=("fragrance",))) == ["p1"]
    assert allowed(stocked, asked(exclude=("p0",))) == ["p1", "p3"]
