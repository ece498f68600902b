"""Families in the clean products table: the source's, those found by names, or none."""

import pandas as pd
import pytest

from recommender.contract import columns as c
from recommender.data.cleaning.prepare import prepare
from recommender.data.variants.family_column import family_positions
from settings.config import Config

NAMES = ["Night Cream 50ml", "Combo 2 Night Cream 50ml", "Day Cream", "Lip Care #1", "Lip Care #2", "Night Cream 30ml"]
BOUGHT = {"customer_id": ["x"], "product_id": ["p0"]}


def products(found_by, raw, **columns):
    shop = {"product_id": [f"p{i}" for i in range(6)], "name": NAMES, "brand": ["Maison"] * 6} | columns
    config = Config.parse({"variants": {"found_by": found_by}}, where="test")
    return prepare(raw(products=shop, transactions=BOUGHT), config).tables.products


def groups(table):
    return family_positions(table).tolist()


def test_names_make_families_where_the_source_gives_none(raw):
    found = products("names", raw)
    assert groups(found) == [0, 0, 2, 3, 3, 0]
    assert found["family_id"].tolist() == ["name:p0", "name:p0", None, "name:p3", "name:p3", "name:p0"]
    assert found["name"].tolist() == NAMES


def test_the_sources_id_counts_and_names_only_beside_it(raw):
    ids = ["7", " 7.0", None, None, None, None]
    found = products("names", raw, family_id=ids)
    assert found["family_id"].tolist() == ["7", "7", None, "name:p3", "name:p3", None]
    assert groups(found) == [0, 0, 2, 3, 3, 5]


def test_the_sources_id_only(raw):
    assert groups(products("source", raw, family_id=["7", "7", None, None, "8", "8.0"])) == [0, 0, 2, 3, 4, 4]
    assert c.FAMILY_ID not in products("source", raw)


def test_none_leaves_every_product_its_own_family(raw):
    assert c.FAMILY_ID not in products("none", raw, family_id=["7"] * 6)
    assert c.FAMILY_ID not in products("none", raw)


def test_without_any_family_the_table_stays_as_it_is(raw):
    found = products("names", raw, name=[f"Product of kind {kind}" for kind in "abcdef"])
    assert c.FAMILY_ID not in found


def test_the_order_of_the_rows_changes_no_family(raw):
    ids, names = [f"p{i}" for i in range(6)][::-1], NAMES[::-1]
    found = products("names", raw, product_id=ids, name=names).set_index("product_id")["family_id"]
    again = products("names", raw).set_index("product_id")["family_id"]
    assert found.loc[again.index].tolist() == again.tolist()


def test_an_estimated_price_parts_no_family(raw):
    values = {"variants": {"found_by": "names"}, "cleaning": {"missing": {"products": {"price": "median"}}}}
    shop = {
        "product_id": ["p0", "p1", "p2"],
        "name": ["Night Cream 500ml", "Night Cream 1ml", "Gold"],
        "brand": ["Maison"] * 3,
        "price": [10.0, None, 900.0],
    }
    found = prepare(raw(products=shop, transactions=BOUGHT), Config.parse(values, where="test")).tables.products
    assert groups(found) == [0, 0, 2]


def test_families_never_share_ingredients(raw):
    found = products("names", raw, ingredients=[["Aqua"], ["Parfum"], ["Aqua"], None, ["Parfum"], None])
    assert [list(cell) if cell is not None else None for cell in found["ingredients"]] == [
        ["Aqua"],
        ["Parfum"],
        ["Aqua"],
        None,
        ["Parfum"],
        None,
    ]


@pytest.mark.parametrize("ids", [[], [None, None], ["a", None], ["b", "a"]])
def test_every_product_has_a_family(ids):
    table = pd.DataFrame({c.PRODUCT_ID: [str(i) for i in range(len(ids))], c.FAMILY_ID: ids})
    assert groups(table) == [*range(len(ids))]


@pytest.mark.usefixtures("spark")
def test_spark_finds_what_duckdb_finds(raw):
    shop = {"product_id": [f"p{i}" for i in range(6)], "name": NAMES, "family_id": [None, None, "7", "7", None, None]}
    tables = raw(products=shop, transactions=BOUGHT)
    spark_config = Config.parse({"compute": {"engine": "spark"}}, where="test")
    by_spark, by_duckdb = (prepare(tables, config).tables.products for config in (spark_config, Config()))
    pd.testing.assert_frame_equal(by_spark, by_duckdb)
    assert by_duckdb["family_id"].notna().sum() > 2
