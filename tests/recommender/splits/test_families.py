"""What is held out, where products have variants."""

from recommender.models.model_data import first_interactions
from recommender.splits import split
from recommender.splits.families import another_variant, product_families
from settings.config import Config

PRODUCTS = {
    "product_id": ["a30", "a50", "b", "c1", "c2"],
    "name": ["A 30", "A 50", "B", "C 1", "C 2"],
    "family_id": ["a", "a", None, "c", "c"],
}
BOUGHT = {
    "customer_id": ["x", "x", "y", "y", "z", "z", "z"],
    "product_id": ["a30", "a50", "a30", "b", "c1", "b", "a50"],
    "time": [f"2024-01-{day:02}T10:00" for day in (1, 2, 1, 2, 1, 2, 3)],
}


def test_another_variant_of_what_the_customer_has_is_told(tables_of):
    found = split(tables_of(products=PRODUCTS, transactions=BOUGHT), Config())
    told = dict(zip(found.test["customer_id"], found.another_variant.tolist(), strict=True))
    assert told == {"x": True, "y": False, "z": False}
    assert found.judged.tolist() == [not variant for variant in told.values()]


def test_of_two_variants_to_be_found_one_counts(tables_of):
    tables = tables_of(products=PRODUCTS, transactions=BOUGHT)
    held = first_interactions(tables, 0).query("product_id in ['a30', 'a50'] and customer_id == 'x'")
    nothing = tables_of(products=PRODUCTS, transactions={"customer_id": ["y"], "product_id": ["a30"]})
    assert another_variant(held, nothing).tolist() == [False, True]


def test_where_all_are_variants_all_are_judged(tables_of):
    only = {name: values[:2] for name, values in BOUGHT.items()}
    found = split(tables_of(products=PRODUCTS, transactions=only), Config())
    assert found.another_variant.tolist() == [True]
    assert found.judged.tolist() == [True]


def test_products_of_no_family_are_of_their_own(tables_of):
    tables = tables_of(products={"product_id": ["a", "b"], "name": ["A", "B"]}, transactions=BOUGHT_OF_TWO)
    assert product_families(tables.products).is_unique
    assert not split(tables, Config()).another_variant.any()


BOUGHT_OF_TWO = {"customer_id": ["x", "x"], "product_id": ["a", "b"], "time": ["2024-01-01T10:00", "2024-01-02T10:00"]}
