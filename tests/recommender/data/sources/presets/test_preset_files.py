"""Each preset is a whole description: its tables fit the contract, and its made-up export is recognised."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from infrastructure.errors import ConfigError
from infrastructure.settings import checked
from recommender.contract import columns as c
from recommender.contract import fields as contract
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.presets import load_preset, preset_names, recognise
from recommender.data.sources.reading.text_files import opened
from tests.support.exports.registry import EXPORTS, write_export

AGREED = (
    "shopify-orders", "shopify-products", "shopify-products-url-handle",
    "woocommerce-orders", "woocommerce-products", "magento-2", "rees46-events",
    "amazon-reviews-2023", "retailrocket", "olist", "instacart", "h-and-m", "open-beauty-facts",
    "ga4-bigquery-events", "beauty-collector",
)  # fmt: skip


def header(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return pq.read_schema(path).names
    with opened(path, "utf-8") as lines:
        first = next(lines).rstrip("\n")
    if ".jsonl" in path.name:
        return list(json.loads(first))
    return first.split("\t" if "openbeautyfacts" in path.name else ",")


def test_the_presets_are_there() -> None:
    assert sorted(preset_names()) == sorted(AGREED)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_says_what_it_is_and_where_its_structure_is_documented(name: str) -> None:
    preset = load_preset(name)
    assert all(re.match(r"https://|docs/", address) for address in preset.cited)
    assert preset.about.endswith(".")
    assert all(preset.usual_files(table) for table in preset.tables)


TABLES = [(name, table) for name in preset_names() for table in load_preset(name).tables]


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_of_a_preset_is_a_whole_table_of_a_source_file(name: str, table: str) -> None:
    described = checked(TableSource, load_preset(name).tables[table], where=name)
    assert not contract.missing_columns(table, described.columns)
    assert set(described.columns) <= set(contract.fields_of(table))
    assert described.one_row_per in (None, *contract.fields_of(table))


@pytest.mark.parametrize("name", EXPORTS)
def test_each_made_up_export_is_recognised_and_nothing_else_is(name: str, tmp_path: Path) -> None:
    write_export(name, tmp_path)
    found: set[tuple[str, str]] = set()
    for path in tmp_path.iterdir():
        if path.suffix != ".yaml":
            matches = recognise(header(path), path.name)
            assert not any(match.lacking for match in matches)
            assert all(match.score > 0.99 for match in matches)
            found |= {(match.table, match.preset) for match in matches}
    system = {preset for preset in preset_names() if preset.split("-")[0] == name.split("-")[0]}
    assert set(EXPORTS[name].tables.items()) <= found
    assert {preset for _, preset in found} <= system


EVENTS = load_preset("rees46-events").recognised_by[c.EVENTS]


def test_further_columns_do_no_harm() -> None:
    assert {match.table for match in recognise(["row", *reversed(EVENTS), "country"])} == {
        c.PRODUCTS, c.TRANSACTIONS, c.EVENTS,
    }  # fmt: skip


def test_a_column_that_is_lacking_is_told_where_it_may_be() -> None:
    columns = [
        "order_id",
        "status",
        "billing_email",
        "item_product_id",
        "item_name",
        "item_quantity",
        "item_price",
        "order_date",
    ]
    (match,) = [match for match in recognise(columns) if match.table == c.TRANSACTIONS]
    assert match.preset == "woocommerce-orders"
    assert match.lacking == ("returned",)
    assert match.score < 1


def test_without_a_column_that_marks_it_or_is_required_a_table_is_not_recognised() -> None:
    assert recognise(EVENTS[1:]) == []
    assert recognise(["id", "name", "price"], "orders_export_1.csv") == []


def test_the_name_of_a_file_raises_the_score() -> None:
    scores = [recognise(EVENTS, name)[0].score for name in ("2019-Oct.csv.gz", "events.csv")]
    assert scores[0] == 1 > scores[1]


def test_an_unknown_preset_names_those_that_there_are() -> None:
    with pytest.raises(ConfigError, match="no such preset") as error:
        load_preset("shoppify")
    assert all(name in str(error.value) for name in AGREED)
