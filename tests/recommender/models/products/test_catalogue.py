import numpy as np
import pandas as pd

from recommender.contract.tables import Tables
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.catalogue_building import build_catalogue

FULL = pd.DataFrame(
    {
        "product_id": ["b", "a", "c"],
        "name": ["Cream", "Serum", None],
        "brand": ["X", None, "Y"],
        "category": ["Skin > Face", ["Skin", "Body"], None],
        "ingredients": [["AQUA", "Parfum", "Aqua"], None, np.array(["Glycerin"])],
        "price": [1.5, None, 3.0],
        "stock": pd.array([0, 5, None], dtype="Int64"),
    }
)


def same(left: Catalogue, right: Catalogue) -> bool:
    arrays = all(np.array_equal(left.arrays()[k], right.arrays()[k], equal_nan=True) for k in left.arrays())
    return arrays and left.texts() == right.texts()


def test_products_stand_in_the_order_of_their_ids():
    catalogue = build_catalogue(Tables(products=FULL))
    assert catalogue.product_ids == ["a", "b", "c"]
    assert catalogue.index == {"a": 0, "b": 1, "c": 2}
    assert catalogue.brands == ["", "X", "Y"]
    assert catalogue.categories == ["Skin > Body", "Skin > Face", ""]
    assert catalogue.in_stock.tolist() == [True, False, True]
    np.testing.assert_array_equal(catalogue.price, np.array([np.nan, 1.5, 3.0], dtype=np.float32))


def test_ingredients_by_one_name_each_once_in_label_order():
    catalogue = build_catalogue(Tables(products=FULL))
    assert catalogue.ingredients(1) == ["water", "parfum"]
    assert catalogue.ingredients_known.tolist() == [False, True, True]


def test_only_ids_are_needed():
    catalogue = build_catalogue(Tables(products=FULL[["product_id", "name"]]))
    assert len(catalogue) == 3
    assert np.isnan(catalogue.price).all()
    assert catalogue.in_stock.all()
    assert not catalogue.ingredients_known.any()


def test_row_order_changes_nothing():
    assert same(build_catalogue(Tables(products=FULL)), build_catalogue(Tables(products=FULL.iloc[::-1])))


def test_comes_back_from_its_parts():
    catalogue = build_catalogue(Tables(products=FULL))
    assert same(Catalogue.from_parts(catalogue.arrays(), **catalogue.texts()), catalogue)


def test_variants_are_numbered_by_one_of_them():
    found = build_catalogue(Tables(products=FULL.assign(family_id=["f", None, "f"])))
    assert found.family.tolist() == [0, 1, 1]
    assert build_catalogue(Tables(products=FULL.assign(family_id=[None] * 3))).family.tolist() == [0, 1, 2]
    assert build_catalogue(Tables(products=FULL)).family.tolist() == [0, 1, 2]


def test_a_bundle_of_the_schema_before_is_read():
    catalogue = build_catalogue(Tables(products=FULL.assign(family_id=["f", None, "f"])))
    others = {name: array for name, array in catalogue.arrays().items() if name != "family"}
    before = Catalogue.from_parts(others | {"variant_group": catalogue.family}, **catalogue.texts())
    assert same(before, catalogue)
    assert Catalogue.from_parts(others, **catalogue.texts()).family.tolist() == [0, 1, 2]
