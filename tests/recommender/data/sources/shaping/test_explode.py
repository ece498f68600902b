"""A row for each entry of a list."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data.parsing.cell_texts import UNREADABLE
from tests.support.shaped_tables import shaped, shaped_file, written

ITEMS = [{"sku": "p1", "price": {"amount": 12.5}}, {"sku": 7.0, "price": None}]
SKUS = [{"order": "1", "items.sku": "p1"}, {"order": "1", "items.sku": 7.0}]


@pytest.mark.parametrize(
    "cell", [ITEMS, json.dumps(ITEMS), repr(ITEMS), np.array(ITEMS, dtype=object), [json.dumps(item) for item in ITEMS]]
)
def test_a_list_of_objects_is_a_row_an_entry_and_their_keys_are_columns(cell: Any) -> None:
    found = shaped({"order": ["1"], "items": [cell]}, explode={"column": "items"}, names=["order", "items.sku"])
    assert found == SKUS
    deep = shaped({"items": [cell]}, explode={"column": "items"}, names=["items.price.amount"])
    assert [row["items.price.amount"] for row in deep] == [12.5, None]


def test_texts_with_a_separator_and_several_columns() -> None:
    cells = {"o": ["1", "2"], "skus": ["p1| p2", "p3"], "qty": ["2|1", 4]}
    found = shaped(cells, explode={"column": ["skus", "qty"], "separator": "|"})
    assert [[*row.values()] for row in found] == [["1", "p1", "2"], ["1", "p2", "1"], ["2", "p3", 4]]


def test_a_row_without_entries_stays_and_entries_that_say_nothing_do_not() -> None:
    cells = {"o": list("abcde"), "skus": [None, "", "p1,,", ",", "-"]}
    found = shaped(cells, explode={"column": "skus", "separator": ","}, missing=["-"])
    assert found == [{"o": o, "skus": sku} for o, sku in zip("abcde", [None, None, "p1", None, None], strict=True)]


def test_of_lists_of_different_lengths_the_row_stays_with_what_it_had() -> None:
    cells = {"skus": ["a|b", "a|b", "c"], "qty": ["1|2|3", None, "5"]}
    found = shaped(cells, explode={"column": ["skus", "qty"], "separator": "|"})
    assert [(row["skus"], row["qty"]) for row in found[1:]] == [("a", None), ("b", None), ("c", "5")]
    assert [UNREADABLE in cell for cell in found[0].values()] == [True, True]
    assert "a|b" in found[0]["skus"]


@pytest.mark.parametrize("broken", ['[{"sku": "p1"', "p1", '["\\ud800"]', "[" * 100_000])
def test_a_broken_text_is_a_row_with_an_unreadable_cell(broken: str) -> None:
    found = shaped({"items": [broken, '[{"sku": "p2"}]']}, explode={"column": "items"}, names=["items.sku"])
    assert [UNREADABLE in found[0]["items.sku"], found[1]["items.sku"]] == [True, "p2"]


def test_a_cell_that_is_no_list_is_its_only_entry() -> None:
    cells = {"x": ["007", 7, {"a": 1}, '{"a": 1}', ["a", "b"]]}
    assert [row["x"] for row in shaped(cells, explode={"column": "x"})] == ["007", 7, {"a": 1}, {"a": 1}, "a", "b"]


def test_lists_within_lists_explode_one_after_the_other() -> None:
    cells = {"orders": ['[{"id": 1, "lines": [{"sku": "a"}, {"sku": "b"}]}, {"id": 2, "lines": []}]']}
    explode = [{"column": "orders"}, {"column": "orders.lines"}]
    found = shaped(cells, explode=explode, names=["orders.id", "orders.lines.sku"])
    assert [[*row.values()] for row in found] == [[1, "a"], [1, "b"], [2, None]]


def test_lists_of_parquet_and_jsonl(tmp_path: Path) -> None:
    rows = [{"order": "1", "items": [{"sku": "p1"}, {"sku": "p2"}]}, {"order": "2", "items": None}]
    pd.DataFrame(rows).to_parquet(tmp_path / "x.parquet")
    written(tmp_path, "x.jsonl", rows)
    wanted = [["1", "p1"], ["1", "p2"], ["2", None]]
    for file in ("x.parquet", "x.jsonl"):
        found = shaped_file(tmp_path, file=file, explode={"column": "items"}, names=["order", "items.sku"])
        assert [[*row.values()] for row in found] == wanted


LISTS = st.lists(st.one_of(st.none(), st.lists(st.integers(0, 9) | st.none(), max_size=4)), max_size=6)


@settings(max_examples=60, derandomize=True)
@given(lists=LISTS, as_text=st.booleans())
def test_every_row_stays_and_every_entry_is_there_once(lists: list[list[int | None] | None], *, as_text: bool) -> None:
    cells = [json.dumps(cell) if as_text and cell is not None else cell for cell in lists]
    found = shaped({"o": [*range(len(lists))], "x": cells}, explode={"column": "x"})
    assert {row["o"] for row in found} == set(range(len(lists)))
    entries = [(o, entry) for o, cell in enumerate(lists) for entry in cell or [] if entry is not None]
    assert [(row["o"], row["x"]) for row in found if row["x"] is not None] == entries
