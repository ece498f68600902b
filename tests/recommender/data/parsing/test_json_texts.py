"""Objects and lists in cells, and paths into them."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.parsing.json_texts import reach, structure

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters=UNREADABLE)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(CHARACTERS, max_size=5)
KEYS = st.text(CHARACTERS, max_size=3)
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8)


@settings(max_examples=80, derandomize=True)
@given(tree=st.lists(TREES) | st.dictionaries(KEYS, TREES))
def test_an_object_or_list_is_the_same_as_json_and_as_python_print_it(tree: Any) -> None:
    assert structure(tree) == structure(json.dumps(tree)) == structure(f" {json.dumps(tree, ensure_ascii=False)}\n")
    assert structure(repr(tree)) in (tree, json.loads(json.dumps(tree)))


@pytest.mark.parametrize("text", ['[{"\\ufdd0": null}]', '["\\uFDD0x"]', '["\ufdd0"]'])
def test_what_holds_the_mark_of_the_unreadable_is_unreadable(text: str) -> None:
    assert UNREADABLE in structure(text)


@settings(max_examples=80, derandomize=True)
@given(cell=st.text(max_size=12) | TREES | st.floats() | st.binary(max_size=4), path=st.lists(st.text(max_size=2)))
def test_whatever_stands_in_a_cell_it_is_read_or_unreadable(cell: Any, path: list[str]) -> None:
    assert json.dumps(reach(cell, path), ensure_ascii=False, default=str).encode()


@pytest.mark.parametrize("cell", ["{", "Paris", "{1, 2}", '["\\ud800"]', "[" * 100_000, b"\xff"])
def test_what_is_neither_is_unreadable(cell: Any) -> None:
    assert structure(cell).startswith(UNREADABLE)


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert structure('["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_lists_and_maps_of_parquet() -> None:
    assert structure(np.array([1, 2])) == [1, 2]
    assert reach([("a", {"b": 1})], ["a", "b"]) == 1
    assert reach({"a": np.array([{"b": 1}, {"b": 2}], dtype=object)}, ["a", "b"]) == [1, 2]
