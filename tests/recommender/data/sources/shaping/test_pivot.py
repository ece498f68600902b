"""Rows of properties as one row for each product."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from infrastructure.errors import ConfigError, DataError
from recommender.data.sources.shaping.shape import Shaper
from tests.support.shaped_tables import described, plain, shaped, shaped_file, written

HOW = {"key": "itemid", "property": "property", "value": "value", "time": "timestamp"}
ROWS = """timestamp,itemid,property,value
30,7,categoryid,20
100,7,available,0
20,7,categoryid,10
200,7,available,1
5,8,888,n12
6, 7.0 ,888,n9
"""
NAMES = ["itemid", "categoryid", "available"]


def test_the_last_value_of_each_property_counts(tmp_path: Path) -> None:
    written(tmp_path, "x.csv", ROWS)
    assert shaped_file(tmp_path, pivot=HOW, names=NAMES) == [
        {"itemid": "7", "categoryid": "20", "available": "1"}, {"itemid": "8", "categoryid": None, "available": None},
    ]  # fmt: skip


def test_without_a_time_the_last_row_counts() -> None:
    cells = {"k": ["a", "a", None], "p": ["x", "x", "x"], "v": [1, [2], 3]}
    found = shaped(cells, pivot={"key": "k", "property": "p", "value": "v"}, names=["k", "x"])
    assert found == [{"k": "a", "x": [2]}, {"k": None, "x": 3}]


@pytest.mark.parametrize(
    ("times", "form"),
    [(["9", "10"], None), (["2024-01-09", "2024-01-10T01:00Z"], None), (["31.01.2024", "01.02.2024"], "%d.%m.%Y"),
     ([None, "1"], None)],
)  # fmt: skip
def test_times_are_compared_as_times(times: list[Any], form: str | None) -> None:
    cells = {"k": ["a", "a"], "p": ["x", "x"], "v": ["new", "old"], "t": times[::-1]}
    how = {"key": "k", "property": "p", "value": "v", "time": "t", "format": form}
    assert shaped(cells, pivot=how, names=["x"]) == [{"x": "new"}]


def test_times_that_cannot_be_read_are_refused_with_the_key_to_add() -> None:
    cells = {"k": ["a"], "p": ["x"], "v": ["v"], "t": ["31.01.2024"]}
    with pytest.raises(DataError, match=r"(?s)31\.01\.2024.*add 'format' to 'pivot'"):
        shaped(cells, pivot={"key": "k", "property": "p", "value": "v", "time": "t"}, names=["x"])


def test_a_property_that_no_row_has_is_an_error_with_the_nearest_one(tmp_path: Path) -> None:
    written(tmp_path, "x.csv", ROWS)
    with pytest.raises(DataError, match="'categoryid', as it is written there; one of"):
        shaped_file(tmp_path, pivot=HOW, names=["itemid", "category_id"])


def test_values_may_be_objects_and_rows_are_filtered_after_it() -> None:
    cells = {"k": ["a", "b"], "p": ["x", "x"], "v": ['{"n": 1}', '{"n": 2}']}
    how = {"key": "k", "property": "p", "value": "v"}
    assert shaped(cells, pivot=how, names=["k"], where={"x.n": 2}) == [{"k": "b", "x.n": 2}]


def test_memory_grows_with_the_products_and_not_with_the_rows() -> None:
    def parts(rows: int) -> Iterator[pd.DataFrame]:
        rng = np.random.default_rng(0)
        for start in range(0, rows, 10_000):
            yield pd.DataFrame(
                {
                    "itemid": rng.integers(0, 500, 10_000).astype(str),
                    "property": rng.integers(0, 300, 10_000).astype(str),
                    "value": np.arange(start, start + 10_000).astype(str),
                    "timestamp": np.arange(start, start + 10_000),
                }
            )

    def peak(rows: int) -> float:
        tracemalloc.start()
        (found,) = Shaper(described(pivot=HOW, names=["itemid", "7"]), Path()).parts(parts(rows))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(found) == 500
        return size

    peak(10_000)
    assert peak(200_000) < 1.5 * peak(20_000)


def test_parts_give_what_the_whole_gives() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"k": rng.integers(0, 5, 60), "p": rng.integers(0, 3, 60), "v": range(60)}).astype(object)
    frame["t"] = rng.integers(0, 9, 60)
    source = described(pivot={"key": "k", "property": "p", "value": "v", "time": "t"}, names=["k", "0", "2"])
    whole = [*Shaper(source, Path()).parts([frame])]
    cut = [*Shaper(source, Path()).parts([frame.iloc[:17], frame.iloc[17:18], frame.iloc[18:]])]
    assert plain(cut[0]) == plain(whole[0])


@pytest.mark.parametrize("key", ["pivot", "fill_down"])
def test_with_a_cursor_it_is_refused(key: str) -> None:
    how = {"pivot": HOW, "fill_down": ["x"]}[key]
    sql = {"database": "SHOP", "query": "select 1", "cursor": "at"}
    with pytest.raises(ConfigError, match=f"'{key}' needs"):
        described(file=None, sql=sql, **{key: how})
