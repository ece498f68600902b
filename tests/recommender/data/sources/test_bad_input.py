"""Every mistake a person can make in a source is told in one screen: file, field, value, what would be right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infrastructure.errors import ConfigError, DataError, RecommenderError
from recommender.data.cleaning.prepare import prepare
from recommender.data.sources.ingest import ingest
from settings.config import Config
from tests.support.small_data_set import DataSet


def run(data_set: DataSet) -> Any:
    return prepare(ingest(data_set.source), Config())


def without_file(data_set: DataSet) -> None:
    (data_set.folder / "products.csv").unlink()


def without_column(data_set: DataSet) -> None:
    data_set.described["tables"]["products"]["columns"]["price"] = "preis"


def with_wrong_type(data_set: DataSet) -> None:
    data_set.add("products", "products.csv", "product_id,name,price\np1,Cream,cheap\np2,Gel,dear\n")


def with_epoch_of_unknown_unit(data_set: DataSet) -> None:
    data_set.add("transactions", "transactions.csv", "customer_id,product_id,time\nc1,p1,1735689600\n")


def without_rows(data_set: DataSet) -> None:
    data_set.add("transactions", "transactions.csv", "customer_id,product_id,time\n")


def without_content(data_set: DataSet) -> None:
    (data_set.folder / "transactions.csv").write_text("")


def with_only_unknown_products(data_set: DataSet) -> None:
    data_set.add("transactions", "transactions.csv", "customer_id,product_id,time\nc1,zz,2025-01-01\n")


def with_ragged_rows(data_set: DataSet) -> None:
    (data_set.folder / "products.csv").write_text("product_id,name,price\np1,Cream,12.5\np2,Gel,8,9,10\n")


def with_latin_letters_read_as_utf8(data_set: DataSet) -> None:
    (data_set.folder / "products.csv").write_bytes("product_id,name,price\np1,Crème,12.5\n".encode("latin-1"))


def without_products(data_set: DataSet) -> None:
    del data_set.described["tables"]["products"]


def without_behaviour(data_set: DataSet) -> None:
    del data_set.described["tables"]["transactions"]


def with_an_unknown_column_of_ours(data_set: DataSet) -> None:
    data_set.described["tables"]["products"]["columns"]["titel"] = "name"


def without_a_required_mapping(data_set: DataSet) -> None:
    del data_set.described["tables"]["products"]["columns"]["name"]


def with_an_unknown_key(data_set: DataSet) -> None:
    data_set.described["tables"]["products"]["seperator"] = ";"


def with_an_unknown_column_key(data_set: DataSet) -> None:
    data_set.described["tables"]["products"]["columns"]["price"] = {"from": "price", "scales": 2}


def with_an_unknown_table(data_set: DataSet) -> None:
    data_set.described["tables"]["orders"] = {"file": "orders.csv", "columns": {}}


def with_an_unknown_file_type(data_set: DataSet) -> None:
    data_set.described["tables"]["products"]["file"] = "products.docx"


@pytest.mark.parametrize(
    ("spoil", "kind", "said"),
    [
        (without_file, DataError, ["no such file", "products.csv"]),
        (without_column, DataError, ["lacks a column", "products.csv", "preis", "product_id, name, price"]),
        (with_wrong_type, DataError, ["as a number", "products.csv", "price", "'cheap'", "12.5"]),
        (with_epoch_of_unknown_unit, DataError, ["as a date", "transactions.csv", "time", "'1735689600'", "format"]),
        (without_rows, DataError, ["no rows", "transactions.csv", "at least one row"]),
        (without_content, DataError, ["lacks a column", "transactions.csv", "the file is empty"]),
        (with_only_unknown_products, DataError, ["No row of transactions", "unknown_product", "row 0", "'zz'"]),
        (with_ragged_rows, DataError, ["cannot be read", "products.csv", "line 3"]),
        (with_latin_letters_read_as_utf8, DataError, ["cannot be read", "products.csv", "utf-8"]),
        (without_products, ConfigError, ["source.yaml", "tables", "expected: products"]),
        (without_behaviour, ConfigError, ["source.yaml", "tables", "one of transactions, ratings, events"]),
        (with_an_unknown_column_of_ours, ConfigError, ["source.yaml", "tables.products.columns", "'titel'", "name"]),
        (without_a_required_mapping, ConfigError, ["source.yaml", "tables.products.columns.name"]),
        (with_an_unknown_key, ConfigError, ["source.yaml", "tables.products.seperator", "delimiter"]),
        (with_an_unknown_column_key, ConfigError, ["source.yaml", "tables.products.columns.price.scales", "scale"]),
        (with_an_unknown_table, ConfigError, ["source.yaml", "tables.orders", "transactions"]),
        (with_an_unknown_file_type, DataError, ["products.docx", ".parquet"]),
    ],
)
def test_the_message_names_file_field_value_and_what_is_right(
    data_set: DataSet, spoil: Callable[[DataSet], None], kind: type[RecommenderError], said: list[str]
) -> None:
    spoil(data_set)
    with pytest.raises(kind) as caught:
        run(data_set)
    message = str(caught.value)
    assert not [words for words in said if words not in message], message
    assert len(message) < 1500
    assert len(message.splitlines()) <= 12


def test_malformed_yaml_names_the_line(tmp_path: Path) -> None:
    source = tmp_path / "source.yaml"
    source.write_text("name: x\ntables: [")
    with pytest.raises(ConfigError, match="line"):
        ingest(source)


def test_a_missing_source_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        ingest(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("name", ["Big Shop", "../up", "", "a/b"])
def test_the_name_is_fit_for_a_folder(data_set: DataSet, name: str) -> None:
    data_set.described["name"] = name
    with pytest.raises(ConfigError, match="name"):
        ingest(data_set.source)


def test_a_line_that_is_no_json_is_named(data_set: DataSet) -> None:
    (data_set.folder / "products.jsonl").write_text('{"product_id": 1, "name": "Cream"}\n{"product_id": 2,\n')
    columns = {"product_id": "product_id", "name": "name"}
    data_set.described["tables"]["products"] = {"file": "products.jsonl", "columns": columns}
    with pytest.raises(DataError, match="line 2"):
        ingest(data_set.source)


@pytest.mark.parametrize("file", ["products.parquet", "products.csv.gz"])
def test_a_damaged_file_is_named(data_set: DataSet, file: str) -> None:
    (data_set.folder / file).write_bytes(b"\x1f\x8b\x08 not really")
    data_set.described["tables"]["products"]["file"] = file
    with pytest.raises(DataError, match=file):
        ingest(data_set.source)


def test_a_whole_right_data_set_passes(data_set: DataSet) -> None:
    assert run(data_set).counts["transactions"] == {"read": 3, "kept": 3, "quarantined": 0, "repaired": 0}
