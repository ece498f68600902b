"""Foreign columns as ours, one peculiarity at a time."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from infrastructure.settings import checked
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.raw_tables import storable
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.mapping import map_columns


def column(table: str, name: str, how: Any, cells: list[Any], **options: Any) -> list[Any]:
    """One of our columns, made from a foreign column "x" (and "y", where ``cells`` are pairs)."""
    source = checked(TableSource, {"file": "x.csv", "columns": {name: how}, **options}, where="test")
    pairs = [cell if isinstance(cell, tuple) else (cell, None) for cell in cells]
    theirs = pd.DataFrame({"x": [x for x, _ in pairs], "y": [y for _, y in pairs]})
    found = map_columns(theirs, table, source)[name].astype(object)
    return found.where(found.notna(), None).tolist()


@pytest.mark.parametrize(
    ("options", "cells", "numbers"),
    [
        ({}, ["12.5", " 8 ", "$3", "-1", "1e2"], [12.5, 8, 3, -1, 100]),
        ({"decimal": ","}, ["12,5", "1 234,5", "3,00 €", "1.250"], [12.5, 1234.5, 3, 1250]),
        ({"decimal": ",", "thousands": "."}, ["1.234,50", "12,5", "1.000"], [1234.5, 12.5, 1000]),
        ({"thousands": ","}, ["1,234.5", "12"], [1234.5, 12]),
    ],
)
def test_numbers_in_many_formats(options: dict[str, str], cells: list[str], numbers: list[float]) -> None:
    assert column("products", "price", "x", cells, **options) == numbers


def test_a_number_in_another_format_than_told_is_read_by_nobody() -> None:
    found = column("products", "price", "x", ["12.50", "1,5"], decimal=",", thousands=".")
    assert found == [f"{UNREADABLE}12.50", "1.5"]


def test_what_is_a_number_already_is_in_no_format() -> None:
    assert column("products", "price", "x", [1.125, "1.125", Decimal("2.5")], decimal=",") == [1.125, 1125, 2.5]


@pytest.mark.parametrize(
    "cell", ["12 50", "10 20 30", "12.50 13.99", "1e", "5 $ 6", "((5))", "-(5)", "(5", "--5", "12-15"]
)
def test_no_two_numbers_become_one(cell: str) -> None:
    assert column("products", "price", "x", ["1", cell]) == ["1", f"{UNREADABLE}{cell}"]


@pytest.mark.parametrize(
    "cell", ["(12.00)", "\u221212.00", "-12", "12.00-", "-$12", "$-12", "$ (12.00)", "12.00 CR", "\uff0d12"]
)
def test_every_minus_is_one(cell: str) -> None:
    assert column("transactions", "unit_price", "x", [cell]) == [-12]


@pytest.mark.parametrize("cells", [["NA", "-", "5"], ["NA ", None, 5]])
def test_words_for_missing_are_those_that_the_source_names(cells: list[Any]) -> None:
    assert column("products", "price", "x", cells, missing=["NA", "-"]) == [None, None, 5]
    assert column("customers", "region", "x", ["NA", "North"], missing=["-"]) == ["NA", "North"]


def test_a_list_is_a_path_only_where_the_source_says_so() -> None:
    cells = [["Skin", "Serum"], None]
    assert column("products", "category", {"from": "x", "literal": True}, cells) == ["Skin > Serum", None]
    raw = storable("products", pd.DataFrame({"category": column("products", "category", "x", cells)}))
    assert raw["category"].tolist() == [f'{UNREADABLE}["Skin", "Serum"]', None]


@pytest.mark.parametrize("cell", [[{"a": 1}], {"a": 1}, [["Aqua"]], [None, b"\xff"]])
def test_what_is_no_list_of_texts_is_no_list(cell: Any) -> None:
    (found,) = column("products", "ingredients", "x", [cell])
    assert [text[0] for text in found] == [UNREADABLE]


def test_entries_of_lists_are_texts_and_missing_ones_are_none() -> None:
    cells = [["a", None, 7.0, b"c"], b"a\nb", "['x', None]"]
    assert column("products", "functions", "x", cells[:2]) == [["a", "7", "c"], ["a", "b"]]
    assert column("products", "functions", {"from": "x", "literal": True}, cells[2:]) == [["x"]]


def test_numbers_are_scaled() -> None:
    assert column("products", "price", {"from": "x", "scale": 0.01}, [1250, 99]) == [12.5, 0.99]
    assert column("products", "price", {"from": "x", "scale": 0.01}, ["1250", "?"]) == ["12.5", f"{UNREADABLE}?"]


@pytest.mark.parametrize("cells", [[0, 1], [0.0, 1.0], ["0", "1"], [False, True]])
def test_values_are_translated_whatever_their_type(cells: list[Any]) -> None:
    how = {"from": "x", "values": {"0": 1, "1": 0, "false": 1, "true": 0}}
    assert column("products", "stock", how, cells) == [1, 0]


def test_values_that_are_not_named_stay() -> None:
    how = {"from": "x", "values": {"fettig": "oily", "egal": None}}
    assert column("customers", "skin_type", how, ["fettig", "egal", "dry", None]) == ["oily", None, "dry", None]


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        ("s", [1735725600, 0]),
        ("ms", [1735725600000, 0]),
        ("s", ["1735725600", "0"]),
        ("%d/%m/%y %H:%M", ["01/01/25 10:00", "01/01/70 00:00"]),
    ],
)
def test_times_in_many_formats(form: str, cells: list[Any]) -> None:
    times = column("transactions", "time", {"from": "x", "format": form}, cells)
    assert times == [pd.Timestamp("2025-01-01T10:00Z"), pd.Timestamp("1970-01-01", tz="UTC")]


def test_lists_as_python_prints_them() -> None:
    how = {"from": "x", "literal": True}
    cells = ["['Vegan', 'Good for: Pores, Acne']", "'A', \"Women's\"", "not a list", None, "[]"]
    expected = [["Vegan", "Good for: Pores, Acne"], ["A", "Women's"], ["not a list"], None, []]
    assert column("products", "functions", how, cells) == expected


def test_lists_from_parquet_are_lists() -> None:
    assert column("products", "functions", "x", [np.array(["a", "b"]), None]) == [["a", "b"], None]


def test_lists_with_a_separator_and_translated_entries() -> None:
    how = {"from": "x", "separator": ",", "values": {"blackheads": "acne", "none": None}}
    assert column("customers", "concerns", how, ["blackheads, acne", "none", ""]) == [["acne"], [], []]


def test_a_list_becomes_a_path_where_we_want_one_text() -> None:
    how = {"from": "x", "literal": True}
    assert column("products", "category", how, ["'Beauty', 'Hair Care'"]) == ["Beauty > Hair Care"]


def test_several_columns_become_one_path() -> None:
    cells = [("Skin", "Serums"), ("Skin", None), ("Skin", "Skin"), (None, None)]
    expected = ["Skin > Serums", "Skin", "Skin", None]
    assert column("products", "category", {"from": ["x", "y"]}, cells) == expected


def test_several_columns_become_one_list() -> None:
    how = {"from": ["x", "y"], "separator": ";"}
    assert column("products", "functions", how, [("a;b", "b;c"), (None, "c")]) == [["a", "b", "c"], ["c"]]


def test_a_constant_stands_in_every_row() -> None:
    assert column("events", "type", {"constant": "save"}, [1, 2]) == ["save", "save"]


def test_one_row_per_customer_is_the_most_frequent_and_of_equals_the_last() -> None:
    theirs = pd.DataFrame({"user": list("aaabbcc"), "skin": ["dry", "oily", "dry", "dry", "oily", None, None]})
    columns = {"customer_id": "user", "skin_type": "skin"}
    source = checked(TableSource, {"file": "x.csv", "columns": columns, "one_row_per": "customer_id"}, where="test")
    found = map_columns(theirs, "customers", source)
    assert found.fillna("?").to_numpy().tolist() == [["a", "dry"], ["b", "oily"], ["c", "?"]]


def one_row(cells: dict[str, list[Any]], columns: dict[str, Any], table: str) -> list[dict[str, Any]]:
    """What ``one_row_per`` the first of our ``columns`` makes of foreign ``cells``."""
    how = {"file": "x.csv", "columns": columns, "one_row_per": next(iter(columns))}
    found = map_columns(pd.DataFrame(cells), table, checked(TableSource, how, where="test")).astype(object)
    return found.where(found.notna(), None).to_dict("records")


def test_one_row_per_product_loses_no_name_and_no_price_that_stands_elsewhere() -> None:
    cells = {"id": ["p", "p", "p"], "name": [None, None, "Cream"], "price": ["8", "8", " "]}
    assert one_row(cells, {"product_id": "id", "name": "name", "price": "price"}, "products") == [
        {"product_id": "p", "name": "Cream", "price": 8}
    ]


def test_one_row_per_customer_avoids_what_any_row_avoids() -> None:
    cells = {"user": list("aaab"), "no": ["nuts", "nuts", "soap;nuts", None], "likes": ["x", "x", "y", "z"]}
    columns = {"customer_id": "user", "avoided_ingredients": {"from": "no", "separator": ";"}, "region": "likes"}
    assert one_row(cells, columns, "customers") == [
        {"customer_id": "a", "avoided_ingredients": ["nuts", "soap"], "region": "x"},
        {"customer_id": "b", "avoided_ingredients": None, "region": "z"},
    ]


def test_whole_numbers_keep_their_digits_where_one_is_missing() -> None:
    assert column("customers", "customer_id", "x", [2**60 + 1, -1], missing=["-1"]) == [2**60 + 1, None]
