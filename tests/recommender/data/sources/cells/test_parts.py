"""What a column takes out of its cells: a part of a text, one of several paths, numbers in their customs."""

from typing import Any

import pandas as pd
import pytest

from infrastructure.errors import ConfigError, DataError
from infrastructure.settings import checked
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.mapping import map_columns


def column(table: str, name: str, how: Any, cells: list[Any], **options: Any) -> list[Any]:
    source = checked(TableSource, {"file": "x.csv", "columns": {name: how}, **options}, where="test")
    found = map_columns(pd.DataFrame({"x": pd.Series(cells, dtype=object)}), table, source)[name].astype(object)
    return found.where(found.notna(), None).tolist()


def test_a_brand_is_taken_out_of_a_name() -> None:
    how = {"from": "x", "extract": r"^([^-]+) - ", "values": {"ACME": "Acme"}}
    assert column("products", "brand", how, ["ACME - Gel", "Nuxe - Oil - 50 ml", "Balm", None]) == [
        "Acme", "Nuxe", None, None,
    ]  # fmt: skip


def test_numbers_and_ids_are_taken_out_of_texts() -> None:
    assert column("products", "product_id", {"from": "x", "extract": r"/(\d+)$"}, ["shop/007", "shop/"]) == [
        "007",
        None,
    ]
    assert column("products", "price", {"from": "x", "extract": r"now (\S+)"}, ["was 9 now 7.50", "now 3"]) == [7.5, 3]


@pytest.mark.parametrize(("pattern", "said"), [("^abc", "no group"), ("(", "no regular expression")])
def test_a_pattern_that_takes_nothing_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        column("products", "brand", {"from": "x", "extract": pattern}, ["a"])


@pytest.mark.parametrize(
    ("cell", "path"),
    [
        ("Face > Serums, Sale", "Face > Serums"),
        ("Sale, Face > Serums > Vitamin C, Gifts > Sets > Face", "Face > Serums > Vitamin C"),
        ("Sale", "Sale"),
        ("Bath\\, Body > Soap, New", "Bath, Body > Soap"),
        (["Sale", "Face > Serums"], "Face > Serums"),
        (" , ", None),
        (None, None),
    ],
)
def test_of_several_category_paths_the_deepest_counts(cell: Any, path: str | None) -> None:
    assert column("products", "category", {"from": "x", "paths": ",", "separator": ">"}, [cell, "A > B"])[0] == path


def test_parts_of_paths_are_translated_and_left_out() -> None:
    how = {"from": "x", "paths": ",", "separator": "/", "values": {"Default Category": None, "Gesicht": "Face"}}
    assert column("products", "category", how, ["Default Category/Sale,Default Category/Gesicht/Seren"]) == [
        "Face > Seren"
    ]


def test_a_description_is_the_text_of_its_html() -> None:
    assert column("products", "description", "x", ["<p>For dry&nbsp;skin</p>", "", "plain"]) == [
        "For dry skin", None, "plain",
    ]  # fmt: skip


def test_a_description_of_several_columns_is_their_texts_one_after_another() -> None:
    columns = {"description": {"from": ["short", "long"]}}
    source = checked(TableSource, {"file": "x.csv", "columns": columns}, where="test")
    theirs = pd.DataFrame({"short": ["Gel", None, None], "long": ["<p>For oily skin", "Mild", None]})
    found = map_columns(theirs, "products", source)["description"].tolist()
    assert found == ["Gel For oily skin", "Mild", None]


def test_ratings_in_percent_are_shares_of_the_best_and_prices_are_none() -> None:
    assert column("products", "rating_mean", {"from": "x", "scale": 5}, ["80 %", "100%"]) == [4, 5]
    assert column("products", "price", "x", ["5", "20 %"]) == ["5", f"{UNREADABLE}20 %"]


@pytest.mark.parametrize(
    ("cells", "options", "key"),
    [
        (["209.000đ", "99.000đ", "1.250.000đ"], {}, 'thousands: "."'),
        (["209.000đ", "99.000đ"], {}, 'thousands: "."'),
        (["12.000 ₩", "8.500 ₩"], {}, 'thousands: "."'),
        (["1.250.000", "99.000"], {}, 'thousands: "."'),
        (["12,50", "8"], {}, 'decimal: ","'),
        (["1.234,50", "8"], {}, 'decimal: ","'),
        (["1,234.50", "8.20"], {}, 'thousands: ","'),
        (["₹1,23,456", "₹899"], {}, 'thousands: ","'),
        (["12,000", "8,500"], {}, "'thousands: \",\"' or 'decimal: \",\"'"),
        (["1,234.50", "8.20"], {"decimal": ","}, 'thousands: ","'),
    ],
)
def test_marks_that_are_not_the_table_s_are_refused_with_the_key(
    cells: list[str], options: dict[str, Any], key: str
) -> None:
    with pytest.raises(DataError) as caught:
        column("products", "price", "x", cells, **options)
    assert key in str(caught.value)
    assert cells[0] in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "options", "numbers"),
    [
        (["209.000đ", "1.250.000đ"], {"thousands": "."}, [209_000, 1_250_000]),
        (["1.234,50 €", "8"], {"thousands": "."}, [1234.5, 8]),
        (["₹1,23,456", "₹899"], {"thousands": ","}, [123_456, 899]),
        (["1.250", "12.5"], {}, [1.25, 12.5]),
        (["1.250", "0.125"], {}, [1.25, 0.125]),
        (["KWD 1.250", "KWD 3.500"], {}, [1.25, 3.5]),
        ([1.25, 3.5], {"decimal": ","}, [1.25, 3.5]),
    ],
)
def test_marks_that_are_the_table_s_are_read(cells: list[Any], options: dict[str, str], numbers: list[float]) -> None:
    assert column("products", "price", "x", cells, **options) == numbers


def test_a_few_cells_in_another_custom_are_no_reason_to_stop() -> None:
    found = column("products", "price", "x", [*["12.50"] * 200, "8,5"])
    assert found[-1] == f"{UNREADABLE}8,5"


def test_one_mark_cannot_stand_for_both() -> None:
    with pytest.raises(ConfigError, match="cannot stand both"):
        column("products", "price", "x", ["1"], decimal=".", thousands=".")
