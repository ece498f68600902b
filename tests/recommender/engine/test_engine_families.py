"""One product of a family a list, by each variant's own label, on every path, against plain Python."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.contract.query import Profile, Query
from recommender.engine.engine import Engine
from recommender.engine.many_answers import answer_all
from recommender.training.bundles import fit_on_everything

FAMILIES = 40
LABELS = ("Aqua, Glycerin", "Aqua, Glycerin, Parfum", "Aqua, Talc", None)


@dataclass(frozen=True)
class Product:
    """What plain Python knows of a product."""

    family: str
    label: str | None
    stock: int


@pytest.fixture(scope="module")
def shelf():
    """Products by id: families of 1 to 5 variants, whose labels and stock are drawn for each."""
    rng = np.random.default_rng(3)
    return {
        f"p{family:02}-{variant}": Product(f"f{family}", LABELS[rng.integers(4)], int(rng.integers(0, 3)))
        for family in range(FAMILIES)
        for variant in range(int(rng.integers(1, 6)))
    }


@pytest.fixture(scope="module")
def engine(shelf, tables_of, config, tmp_path_factory):
    """A shop of these products, fitted on everything."""
    rng = np.random.default_rng(4)
    uses = [(f"c{i}", product) for i in range(120) for product in rng.permutation([*shelf])[:5]]
    tables = tables_of(
        products={
            "product_id": [*shelf],
            "name": [f"Thing {number}" for number in range(len(shelf))],
            "brand": ["Maison"] * len(shelf),
            "family_id": [product.family for product in shelf.values()],
            "ingredients": [product.label for product in shelf.values()],
            "stock": [product.stock for product in shelf.values()],
        },
        customers={"customer_id": [f"c{i}" for i in range(120)], "skin_type": ["dry", "oily", None] * 40},
        transactions={"customer_id": [who for who, _ in uses], "product_id": [what for _, what in uses]},
    )
    folder = tmp_path_factory.mktemp("families") / "model"
    fit_on_everything(tables, config, folder)
    return Engine.load(folder)


def may_be_shown(product_id, product, query):
    """Whether the rules allow a product by its own label; families aside."""
    avoided = query.profile.avoided_ingredients
    if product.stock == 0 or product_id in {*query.dismissed, *query.profile.exclude}:
        return False
    return not avoided or (product.label is not None and not any(one in product.label for one in avoided))


def expected(shelf, query):
    """By family that a list may show, its products that may stand there."""
    had = {shelf[product_id].family for product_id in (*query.products, *query.owned)}
    found = {}
    for product_id, product in shelf.items():
        if product.family not in had and may_be_shown(product_id, product, query):
            found.setdefault(product.family, set()).add(product_id)
    return found


SOME = st.lists(st.integers(0, 10_000), max_size=6)


def chosen(shelf, numbers):
    return tuple(dict.fromkeys([*shelf][number % len(shelf)] for number in numbers))


QUERIES = st.fixed_dictionaries(
    {
        "products": SOME,
        "owned": SOME,
        "dismissed": SOME,
        "exclude": SOME,
        "avoided": st.lists(st.sampled_from(["Parfum", "Talc", "Glycerin"]), max_size=2, unique=True),
        "skin_type": st.sampled_from([None, "dry"]),
        "k": st.sampled_from([1, 5, 10, 100]),
    }
)


def query_of(shelf, drawn):
    return Query(
        "anna",
        k=drawn["k"],
        products=chosen(shelf, drawn["products"]),
        owned=chosen(shelf, drawn["owned"]),
        dismissed=chosen(shelf, drawn["dismissed"]),
        profile=Profile(
            exclude=chosen(shelf, drawn["exclude"]),
            avoided_ingredients=tuple(drawn["avoided"]),
            skin_type=drawn["skin_type"],
        ),
    )


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(QUERIES, min_size=1, max_size=3))
def test_each_list_has_one_allowed_variant_of_each_family(shelf, engine, drawn):
    queries = [query_of(shelf, one) for one in drawn]
    for query, answer in zip(queries, answer_all(engine, queries, reasons=True), strict=True):
        allowed = expected(shelf, query)
        shown = [item.product_id for item in answer.items]
        families = [shelf[product_id].family for product_id in shown]
        assert len({*families}) == len(families)
        assert all(product_id in allowed.get(shelf[product_id].family, ()) for product_id in shown)
        assert len(shown) == min(query.k, len(allowed))
        assert engine.rules.check(query, shown) == []


def test_where_the_best_variant_may_not_be_shown_another_stands_in_its_place(shelf, engine):
    """Avoided, dismissed or unknown to the label: as long as one of the family may be shown, the family is there."""
    (answer,) = engine.recommend([Query("anna", k=100)])
    for item in answer.items:
        family = shelf[item.product_id].family
        (after,) = engine.recommend([Query("anna", k=100, dismissed=(item.product_id,))])
        others = {other for other, it in shelf.items() if it.family == family and it.stock and other != item.product_id}
        there = {one.product_id for one in after.items if shelf[one.product_id].family == family}
        assert len(there) == bool(others)
        assert there <= others
