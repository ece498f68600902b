"""Names with dots reach into objects."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.data.parsing.cell_texts import UNREADABLE
from tests.support.shaped_tables import shaped, shaped_file, written

ADDRESS = {"country": {"code": "FR"}, "lines": ["1 rue", "x"], "a.b": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [("a.country.code", "FR"), ("a.lines.1", "x"), ("a.lines.7", None), ("a.nothing.at", None), ("a.lines.0.x", None)],
)
@pytest.mark.parametrize("kind", ["text", "object"])
def test_a_path_leads_to_a_value(name: str, value: Any, kind: str) -> None:
    cell = json.dumps(ADDRESS) if kind == "text" else ADDRESS
    found = shaped({"a": [cell, None, " "]}, names=[name])
    if name == "a.lines.0.x":
        assert found[0][name] == f"{UNREADABLE}1 rue"
    else:
        assert [row[name] for row in found] == [value, None, None]


def test_a_path_through_a_list_is_a_list() -> None:
    categories = json.dumps([{"name": "Skin"}, {"name": "Serum"}, {}])
    found = shaped({"c": [categories, "[]", "[{}]"]}, names=["c.name"])
    assert [row["c.name"] for row in found] == [["Skin", "Serum", None], None, None]


@pytest.mark.parametrize("cell", ["{", "Paris", "7", '{"city": "\\ud800"}', 7, True])
def test_what_is_no_object_is_unreadable(cell: Any) -> None:
    assert UNREADABLE in shaped({"a": [cell]}, names=["a.city"])[0]["a.city"]


def test_a_word_for_missing_is_no_broken_object() -> None:
    assert shaped({"a": ["NA"]}, names=["a.city"], missing=["NA"]) == [{"a.city": None}]


def test_a_column_with_a_dot_in_its_name_is_that_column(tmp_path: Path) -> None:
    written(tmp_path, "x.csv", "a.b,a,c.d\n1,2,3\n")
    assert shaped_file(tmp_path, names=["a.b", "a", "c.d"]) == [{"a.b": "1", "a": "2", "c.d": "3"}]


def test_structs_maps_and_texts_in_files(tmp_path: Path) -> None:
    rows = [{"id": 1, "a": {"city": "Köln"}}, {"id": 2, "a": None}]
    pd.DataFrame(rows).to_parquet(tmp_path / "x.parquet")
    written(tmp_path, "x.jsonl", rows)
    written(tmp_path, "x.csv", 'id,a\n1,"{""city"": ""Köln""}"\n2,\n')
    for file in ("x.parquet", "x.jsonl", "x.csv"):
        assert [row["a.city"] for row in shaped_file(tmp_path, file=file, names=["a.city"])] == ["Köln", None]


def test_an_unknown_name_is_an_error_with_the_nearest_one(tmp_path: Path) -> None:
    written(tmp_path, "x.csv", "Email,Order Name,Total\na,b,c\n")
    with pytest.raises(DataError) as caught:
        shaped_file(tmp_path, names=["order_name"])
    assert "expected: 'Order Name', as it is written there; one of: Email, Order Name, Total" in str(caught.value)
    with pytest.raises(DataError, match="one of: Email"):
        shaped_file(tmp_path, names=["Email"], where={"qqq.zzz": 1})
