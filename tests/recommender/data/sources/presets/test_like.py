"""``like: <preset>``: what the source file says itself goes before, key by key and column by column."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from infrastructure.errors import ConfigError
from recommender.contract import columns as c
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.description.source import Source
from recommender.data.sources.ingest import ingest
from recommender.data.sources.presets import preset
from recommender.data.sources.presets.merging import with_presets
from settings.config import Config
from tests.support.paths import ROOT


def merged(table: dict[str, Any], name: str = c.TRANSACTIONS) -> dict[str, Any]:
    return with_presets({"tables": {name: table}}, "shop.yaml")["tables"][name]


@pytest.fixture
def presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One preset of ours, in place of those of the product."""
    folder = tmp_path / "presets" / "shops"
    folder.mkdir(parents=True)
    (folder / "kiosk.yaml").write_text(
        "about: a kiosk's.\ncited: [https://example.com]\nrecognised_by: {ratings: [wer], products: [nr]}\n"
        "tables:\n"
        "  ratings:\n    file: sterne.csv\n    delimiter: ';'\n    decimal: ','\n"
        "    columns: {customer_id: wer, product_id: was, rating: sterne, time: wann}\n"
        "  products: {file: waren.csv, columns: {product_id: nr, name: titel, price: preis}}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(preset, "_FOLDER", folder.parent)
    caches = preset.load_preset, preset._files
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def write(folder: Path, tables: str) -> Path:
    source = folder / "shop.yaml"
    source.write_text(f"name: shop\ntables:\n{tables}", encoding="utf-8")
    return source


LIKE_IT = "  products: {like: kiosk}\n  ratings: {like: kiosk}\n"


@pytest.mark.usefixtures("presets")
def test_a_table_that_is_only_like_a_preset_is_read_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "waren.csv").write_text("nr,titel,preis\n1,Seife,2.5\n", encoding="utf-8")
    (tmp_path / "sterne.csv").write_text("wer;was;sterne;wann\nanna;1;4,5;2025-01-02\n", encoding="utf-8")
    tables = prepare(ingest(write(tmp_path, LIKE_IT)), Config()).tables
    assert tables.products[[c.PRODUCT_ID, c.NAME, c.PRICE]].to_numpy().tolist() == [["1", "Seife", 2.5]]
    assert tables.ratings is not None
    assert tables.ratings[[c.CUSTOMER_ID, c.RATING]].to_numpy().tolist() == [["anna", 4.5]]


@pytest.mark.usefixtures("presets")
def test_keys_and_columns_of_the_source_file_go_before(tmp_path: Path) -> None:
    own = (
        "  products: {like: kiosk, file: meine.csv, columns: {name: {from: name_de}, price: null, brand: marke}}\n"
        "  ratings: {like: kiosk, decimal: null, delimiter: '|'}\n"
    )
    tables = Source.load(write(tmp_path, own)).tables.present()
    products, ratings = tables[c.PRODUCTS], tables[c.RATINGS]
    assert products.file == "meine.csv"
    assert {ours: how.read for ours, how in products.columns.items()} == {
        c.PRODUCT_ID: ("nr",), c.NAME: ("name_de",), c.BRAND: ("marke",),
    }  # fmt: skip
    assert (ratings.file, ratings.delimiter, ratings.decimal) == ("sterne.csv", "|", ".")
    assert products.like == "kiosk"


@pytest.mark.usefixtures("presets")
def test_a_required_column_that_is_taken_out_is_missed(tmp_path: Path) -> None:
    own = "  products: {like: kiosk}\n  ratings: {like: kiosk, columns: {rating: null}}\n"
    with pytest.raises(ConfigError, match="A required column is not mapped") as error:
        Source.load(write(tmp_path, own))
    assert error.value.field == "tables.ratings.columns.rating"


def test_an_unknown_preset_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such preset") as error:
        Source.load(write(tmp_path, "  products: {like: shopify}\n"))
    assert (error.value.where, error.value.field) == (str(tmp_path / "shop.yaml"), "tables.products.like")
    assert error.value.expected is not None
    assert "shopify-products" in error.value.expected


def test_a_preset_without_the_table_is_told_with_its_tables(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no table of transactions") as error:
        Source.load(write(tmp_path, "  transactions: {like: shopify-products}\n"))
    assert error.value.expected is not None
    assert "products" in error.value.expected


def test_a_database_or_api_takes_the_place_of_the_usual_file() -> None:
    table = merged({"like": "magento-2", "sql": {"database": "SHOP", "query": "select 1"}})
    assert "file" not in table
    assert table["columns"]["product_id"] == "sku"


def test_joined_files_of_a_preset_lie_beside_the_tables_own() -> None:
    table = merged({"like": "instacart", "file": "data/2017/order_products__prior.csv"})
    assert [join["file"] for join in table["join"]] == ["data/2017/orders.csv"]
    remote = merged({"like": "instacart", "file": ["s3://shop/a.csv", "s3://shop/b.csv"]})
    assert [join["file"] for join in remote["join"]] == ["s3://shop/orders.csv"]


def test_a_table_that_a_preset_joins_with_itself_is_joined_with_the_file_that_is_given() -> None:
    table = merged({"like": "woocommerce-products", "file": "wc/produkte.csv"}, c.PRODUCTS)
    assert [join["file"] for join in table["join"]] == ["wc/produkte.csv"]
    assert merged({"like": "woocommerce-products"}, c.PRODUCTS)["join"][0]["file"] == "wc-product-export*.csv"


def test_a_table_that_is_joined_with_itself_is_read_in_the_same_way() -> None:
    read = {"delimiter": ";", "encoding": "latin-1"}
    own = {"like": "woocommerce-products", "file": "produkte.csv", "columns": {"brand": None}}
    (join,) = merged(own | read, c.PRODUCTS)["join"]
    assert join == {"file": "produkte.csv", "on": {"Parent": "SKU"}, "as": "parent"} | read
    query = {"sql": {"database": "SHOP", "query": "select * from products"}}
    (join,) = merged({"like": "woocommerce-products"} | query, c.PRODUCTS)["join"]
    assert join == {"on": {"Parent": "SKU"}, "as": "parent"} | query


def test_of_the_names_that_a_file_usually_has_those_are_read_that_are_there(tmp_path: Path) -> None:
    write(tmp_path, "  transactions: {like: woocommerce-orders}\n  products: {like: woocommerce-orders}\n")
    usual = preset.load_preset("woocommerce-orders").tables[c.TRANSACTIONS]["file"]
    assert len(usual) > 1
    assert Source.load(tmp_path / "shop.yaml").tables.present()[c.TRANSACTIONS].files == tuple(usual)
    (tmp_path / "orders-export-1.csv").touch()
    assert Source.load(tmp_path / "shop.yaml").tables.present()[c.TRANSACTIONS].files == ("orders-export*.csv",)


@pytest.mark.parametrize(
    "values", [None, [], {"tables": []}, {"tables": {"products": None}}, {"tables": {"products": {"like": 3}}}]
)
def test_what_is_no_source_file_is_left_to_its_check(values: Any) -> None:
    assert with_presets(values, "shop.yaml") == values


def test_a_preset_is_not_changed_by_who_uses_it() -> None:
    before = yaml.safe_dump(preset.load_preset("olist").tables)
    merged({"like": "olist", "file": "x/y.csv", "columns": {"time": None}})
    assert yaml.safe_dump(preset.load_preset("olist").tables) == before


def test_the_example_of_the_page_is_right() -> None:
    page = (ROOT / "docs" / "data" / "connect.md").read_text(encoding="utf-8")
    example = page.split("## A known export")[1].split("```yaml\n")[1].split("```")[0]
    tables = with_presets(yaml.safe_load(example), "connect.md")["tables"]
    assert tables[c.PRODUCTS]["file"] == "products_export*.csv"
    assert tables[c.TRANSACTIONS]["file"] == "2025/orders_*.csv"
    assert "unit_price" not in tables[c.TRANSACTIONS]["columns"]


def test_a_column_that_is_taken_out_is_not_filled_down_either() -> None:
    described = merged({"like": "shopify-orders", "columns": {"region": None}}, c.CUSTOMERS)
    assert "fill_down" not in described
    described = merged({"like": "shopify-orders", "columns": {"customer_id": None, "time": None}})
    assert described["fill_down"]["columns"] == ["Financial Status", "Cancelled at"]
