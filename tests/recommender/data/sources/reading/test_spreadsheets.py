"""Sheets of xlsx and ods files: cells as they are in the sheet."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.contract.fields import fields_of
from recommender.data.parsing.pandas_parsing import parse_cells
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import read_file
from recommender.data.sources.ingest import ingest
from tests.support.spreadsheets import ERROR, write_ods, write_xlsx

NOON = datetime(2025, 1, 3, 12, 30, 15)
MIDNIGHT = datetime(2025, 1, 2)
ROWS = [
    [None, "id", "price", "time", "new"],
    [None, "00123", 7.0, MIDNIGHT, True],
    [None, None, None, None, None],
    [None, 7, 12.5, NOON, False],
    [None, "x", None, None, None],
]


@pytest.fixture(params=[write_xlsx, write_ods], ids=["xlsx", "ods"])
def write(request: pytest.FixtureRequest, tmp_path: Path):
    def to_file(sheets: dict[str, list[list[Any]]]) -> Path:
        return request.param(tmp_path / f"x.{request.param.__name__.removeprefix('write_')}", sheets)

    return to_file


def read(path: Path, *columns: str, **options: Any) -> list[list[Any]]:
    how = checked(TableSource, {"file": path.name, "columns": {}, **options}, where="test")
    return read_file(path, columns, how).to_numpy().tolist()


def test_texts_numbers_truths_and_times_are_such(write):
    path = write({"Orders": ROWS})
    found = read(path, "id", "price", "time", "new")
    assert found == [["00123", 7, MIDNIGHT, True], [7, 12.5, NOON, False], ["x", None, None, None]]
    assert type(found[0][2]) is datetime


def test_a_sheet_is_taken_by_its_name_and_else_the_first_is(write):
    path = write({"Info": [["id"], ["of info"]], "Orders": [["id"], ["of orders"]]})
    assert read(path, "id") == [["of info"]]
    assert read(path, "id", sheet="Orders") == [["of orders"]]
    with pytest.raises(DataError, match=r"(?s)field: sheet.*'Sales'.*one of: Info, Orders"):
        read(path, "id", sheet="Sales")


def test_lines_above_the_names_are_counted_empty_ones_too(write):
    assert read(write({"a": [[], ["Report"], [], ["id", None], [1]]}), "id", header=4) == [[1]]


def test_ids_and_times_mean_the_same_as_in_a_csv_file(write):
    path = write({"Orders": ROWS})
    how = checked(TableSource, {"file": path.name, "columns": {}}, where="test")
    frame = read_file(path, ["id", "time"], how)
    fields = fields_of("transactions")
    assert parse_cells(fields["customer_id"], frame["id"]).tolist() == ["00123", "7", "x"]
    assert parse_cells(fields["time"], frame["time"]).tolist()[:2] == [
        pd.Timestamp(moment, tz="UTC") for moment in (MIDNIGHT, NOON)
    ]


def test_errors_in_cells_are_missing_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "infrastructure.progress")
    path = write_xlsx(tmp_path / "x.xlsx", {"Info": [[ERROR]], "A & B": [["id", "price"], ["a", ERROR], ["b", 2]]})
    assert read(path, "id", "price", sheet="A & B") == [["a", None], ["b", 2]]
    assert caplog.records[-1].figures == {"file": "x.xlsx", "sheet": "A & B", "rows": 1}


def test_a_damaged_file_is_told(tmp_path: Path):
    path = write_xlsx(tmp_path / "x.xlsx", {"a": [["id"], [1]]})
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataError, match=r"(?s)cannot be read.*a whole \.xlsx file"):
        read(path, "id")


def test_a_sheet_without_rows_is_told(write):
    with pytest.raises(DataError, match="no rows"):
        read(write({"a": [["id"]]}), "id")


def test_a_shop_in_one_file_is_ingested(tmp_path: Path):
    write_xlsx(
        tmp_path / "shop.xlsx",
        {
            "Products": [["sku", "title", "price"], ["001", "Gel", 7.0], ["002", "Balm", 12.5]],
            "Sales": [["who", "sku", "when"], [1.0, "001", MIDNIGHT], [2.0, "002", NOON]],
        },
    )
    tables = {
        "products": {
            "file": "shop.xlsx",
            "sheet": "Products",
            "columns": {"product_id": "sku", "name": "title", "price": "price"},
        },
        "transactions": {
            "file": "shop.xlsx",
            "sheet": "Sales",
            "columns": {
                "customer_id": "who",
                "product_id": "sku",
                "time": {"from": "when", "timezone": "Europe/Berlin"},
            },
        },
    }
    (tmp_path / "source.yaml").write_text(yaml.safe_dump({"name": "shop", "tables": tables}))
    found = ingest(tmp_path / "source.yaml").tables
    assert found["products"][["product_id", "name", "price"]].to_numpy().tolist() == [
        ["001", "Gel", 7],
        ["002", "Balm", 12.5],
    ]
    assert found["transactions"]["customer_id"].tolist() == ["1", "2"]
    assert found["transactions"]["time"].tolist()[0] == pd.Timestamp("2025-01-01T23:00Z")
