"""A table's shape as a whole: what is read for it, in what order it is made, and that it may be made part by part."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from infrastructure.errors import DataError
from recommender.data.sources.shaping.columns_needed import columns_needed
from recommender.data.sources.shaping.shape import Shaper, shape
from tests.support.shaped_tables import described, plain, shaped, written

PIVOT = {"key": "k", "property": "p", "value": "v", "time": "t"}
PRESENT = ["a", "b.c", "d", "e"]


@pytest.mark.parametrize(
    ("keys", "columns"),
    [
        ({}, ["x"]),
        ({"names": ["a", "b.c", "d.e.f", "a"]}, ["a", "b.c", "d"]),
        ({"names": ["a"], "where": {"d.x": 1}}, ["a", "d"]),
        ({"names": ["a"], "fill_down": {"columns": ["d"], "within": "e"}}, ["d", "e", "a"]),
        ({"names": ["d.x"], "explode": {"column": ["d", "a"]}}, ["d", "a"]),
        ({"names": ["d.x"], "unpack": {"column": "d", "key": "k", "value": "v"}}, ["d"]),
        ({"names": ["k", "q"], "pivot": PIVOT}, ["k", "p", "v", "t"]),
        ({"names": ["a", "o.x"], "join": {"file": "o.csv", "on": {"e": "f"}, "as": "o"}}, ["a", "e"]),
        ({"names": ["a", "else"], "join": {"file": "o.csv", "on": ["e"]}}, ["a", "e"]),
        ({"names": ["a", "else"]}, ["a", "else"]),
    ],
)
def test_only_columns_that_are_needed_are_read(keys: Any, columns: list[str]) -> None:
    assert columns_needed(described(**keys), PRESENT) == columns


def test_without_a_header_dots_are_paths() -> None:
    join = {"file": "o.csv", "on": "e", "as": "o"}
    assert columns_needed(described(names=["a.b", "o.x", "c"], join=join)) == ["a", "c", "e"]


def test_a_table_that_says_nothing_of_its_shape_stays_as_it_is() -> None:
    frame = pd.DataFrame({"x": [1], "y": [2]})
    assert shape(frame, described(), Path()) is frame


ORDERS = {
    "order": ["1", None, "2", None, "3"],
    "state": ["paid", None, "void", None, "paid"],
    "lines": [json.dumps([{"sku": sku} for sku in skus]) for skus in ("ab", "c", "d", "e", ["f", "GIFT"])],
}
KEYS: dict[str, Any] = {
    "names": ["order", "lines.sku", "who"],
    "fill_down": ["order", "state"],
    "explode": {"column": "lines"},
    "join": {"file": "who.csv", "on": "order"},
    "where": {"state": "paid", "lines.sku": {"is_not": "GIFT"}},
}


def test_steps_follow_each_other(tmp_path: Path) -> None:
    written(tmp_path, "who.csv", "order,who\n1,ann\n2,ben\n")
    found = [[*row.values()][:3] for row in shaped(ORDERS, tmp_path, **KEYS)]
    assert found == [["1", "a", "ann"], ["1", "b", "ann"], ["1", "c", "ann"], ["3", "f", None]]


@pytest.mark.parametrize("cuts", [[1], [2, 3], [0, 4], [1, 2, 3, 4]])
def test_parts_give_what_the_whole_gives(tmp_path: Path, cuts: list[int]) -> None:
    written(tmp_path, "who.csv", "order,who\n1,ann\n3,eve\n")
    frame, source = pd.DataFrame(ORDERS, dtype=object), described(**KEYS)
    shaper, bounds = Shaper(source, tmp_path), [0, *cuts, len(frame)]
    parts = [frame.iloc[start:end] for start, end in pairwise(bounds)]
    found = pd.concat([*shaper.parts(parts)], ignore_index=True)
    assert plain(found) == plain(shape(frame, source, tmp_path))
    assert shaper.left_out == 3


def test_a_part_without_a_partner_or_a_wanted_row_is_no_error_but_a_table_is(tmp_path: Path) -> None:
    written(tmp_path, "who.csv", "order,who\n3,eve\n")
    frame, source = pd.DataFrame(ORDERS, dtype=object), described(**KEYS)
    assert sum(len(part) for part in Shaper(source, tmp_path).parts([frame.iloc[2:4], frame.iloc[4:]])) == 1
    with pytest.raises(DataError, match="No row has a partner"):
        list(Shaper(source, tmp_path).parts([frame.iloc[:2], frame.iloc[2:4]]))
    with pytest.raises(DataError, match=r"(?s)No row fulfils.*GIFT \(1\)"):
        list(Shaper(source, tmp_path).parts([frame.iloc[4:].assign(lines='[{"sku": "GIFT"}]')]))
