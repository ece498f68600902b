"""Lists stay as long as asked where most products are sizes of one another."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from recommender.models.hybrid import RankingInput
from recommender.training.bundles import fit_on_everything

DISTINCT, SIZES = 120, (30, 50, 100, 200)
QUERIES = [
    Query("personal", products=("p000-30", "p001-50")),
    Query("unlinked", products=("p119-30",)),
    Query("group", profile=Profile(skin_type="dry")),
    Query("popular"),
]


@pytest.fixture(scope="module")
def full_of_variants(tables_of, config, tmp_path_factory):
    """A shop of ``DISTINCT`` products in four sizes each, the last ten of which nobody buys."""
    rng = np.random.default_rng(0)
    uses = [
        (f"c{customer}", f"p{number:03}-{rng.choice(SIZES)}")
        for customer in range(150)
        for number in rng.permutation(DISTINCT - 10)[:6]
    ]
    ids = [(number, size) for number in range(DISTINCT) for size in SIZES]
    tables = tables_of(
        products={
            "product_id": [f"p{number:03}-{size}" for number, size in ids],
            "name": [f"Care Kind{number} {size} ml" for number, size in ids],
            "brand": ["Maison"] * len(ids),
            "family_id": [f"p{number:03}" for number, _ in ids],
        },
        customers={"customer_id": [f"c{i}" for i in range(150)], "skin_type": ["dry", "oily", None] * 50},
        transactions={"customer_id": [who for who, _ in uses], "product_id": [what for _, what in uses]},
    )
    folder = tmp_path_factory.mktemp("variants") / "model"
    fit_on_everything(tables, config, folder)
    return Engine.load(folder)


def ids(answer):
    return [item.product_id for item in answer.items]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.customer_id)
def test_a_hundred_distinct_products_are_found_wherever_there_are_as_many(full_of_variants, query):
    (answer,) = full_of_variants.recommend([replace(query, k=100)])
    kinds = {product_id.split("-")[0] for product_id in ids(answer)}
    assert len(answer.items) == len(kinds) == 100
    scores = [item.score for item in answer.items]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.customer_id)
def test_the_longer_list_begins_with_the_shorter_one(full_of_variants, query):
    long, *short = full_of_variants.recommend([replace(query, k=k) for k in (100, 3, 20, 60)])
    for answer in short:
        assert ids(answer) == ids(long)[: len(answer.items)]
    assert [len(answer.items) for answer in short] == [3, 20, 60]


def test_what_the_rules_forbid_does_not_fill_a_list(full_of_variants):
    others = tuple(name for name in full_of_variants.catalogue.product_ids if not name.endswith("-30"))
    half = tuple(f"p{number:03}-30" for number in range(60))
    for query in QUERIES:
        asked = replace(query, k=100, dismissed=half, profile=replace(query.profile, exclude=others))
        (answer,) = full_of_variants.recommend([asked])
        assert {*ids(answer)} == {f"p{number:03}-30" for number in range(60, 120)} - {*query.products}


def test_what_follows_the_candidates_stands_in_the_order_of_the_blend(full_of_variants):
    """A product that belongs to the history comes before one that does not, also behind the candidates."""
    hybrid, catalogue = full_of_variants.hybrid, full_of_variants.catalogue
    query = replace(QUERIES[0], k=100)
    history = full_of_variants._history(query)
    allowed = full_of_variants.rules.allowed_products(query, history.products).allowed
    asked = RankingInput(history, query.profile, allowed)
    (ranking,) = hybrid.rank([asked])
    longer = hybrid.extend(ranking, asked)
    assert longer.products[: len(ranking.products)].tolist() == ranking.products.tolist()
    assert sorted(longer.products) == np.flatnonzero(allowed).tolist()
    blend = hybrid.generator.neighbours.scores(history)[0, longer.products[len(ranking.products) :]]
    assert (np.diff(blend) <= 0).all()
    assert blend[0] > blend[-1] == 0
    assert len(longer.products) == len(catalogue) - 2 * len(SIZES)


def test_no_variant_of_what_the_customer_has_is_shown(full_of_variants):
    for query in QUERIES[:2]:
        had = {product_id.split("-")[0] for product_id in query.products}
        (answer,) = full_of_variants.recommend([replace(query, k=100)])
        assert not had & {product_id.split("-")[0] for product_id in ids(answer)}
        assert answer.removed["owned"] == len(had) * len(SIZES)


def test_what_is_owned_beside_the_history_hides_its_family_too(full_of_variants):
    (answer,) = full_of_variants.recommend([replace(QUERIES[0], k=100, owned=("p007-30", "unknown"))])
    assert "p007" not in {product_id.split("-")[0] for product_id in ids(answer)}


def test_another_variant_takes_the_place_of_one_that_may_not_be_shown(full_of_variants):
    (before,) = full_of_variants.recommend([QUERIES[0]])
    first = ids(before)[0]
    excluding = replace(QUERIES[0], k=100, profile=Profile(exclude=(first,)))
    (after,) = full_of_variants.recommend([excluding])
    assert first not in ids(after)
    assert first.split("-")[0] in {product_id.split("-")[0] for product_id in ids(after)}
