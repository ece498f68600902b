"""Cells that stand in the first row of an order only."""

from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data.sources.shaping.shape import Shaper, shape
from tests.support.shaped_tables import described, plain, shaped

ORDERS = {
    "Name": ["#1", "#1", "#2", "#2", None],
    "Email": ["a@x", None, None, " ", None],
    "sku": ["p1", "p2", "p3", "p4", "p5"],
}


def test_an_empty_cell_has_the_value_above_it() -> None:
    found = shaped(ORDERS, fill_down=["Name", "Email"])
    assert [row["Name"] for row in found] == ["#1", "#1", "#2", "#2", "#2"]
    assert [row["Email"] for row in found] == ["a@x"] * 5
    assert [row["sku"] for row in found] == ORDERS["sku"]


def test_nothing_passes_from_one_order_to_the_next() -> None:
    found = shaped(ORDERS, fill_down={"columns": ["Email"], "within": "Name"})
    assert [row["Email"] for row in found] == ["a@x", "a@x", None, None, None]
    found = shaped(ORDERS, fill_down={"columns": "Email", "within": "sku"})
    assert [row["Email"] for row in found] == ["a@x", None, None, None, None]


def test_an_order_that_is_filled_itself_bounds_the_others() -> None:
    cells = {"Name": ["1", None, 2.0, "2", None], "Email": ["a@x", None, None, "b@x", None]}
    found = shaped(cells, fill_down={"columns": ["Name", "Email"], "within": "Name"})
    assert [row["Email"] for row in found] == ["a@x", "a@x", None, "b@x", "b@x"]
    assert [row["Name"] for row in found] == ["1", "1", 2.0, "2", "2"]


def test_an_empty_first_cell_stays_empty_and_a_word_for_missing_is_empty() -> None:
    found = shaped({"x": [None, "-", "a", "-", 7, ""]}, fill_down=["x"], missing=["-"])
    assert [row["x"] for row in found] == [None, None, "a", "a", 7, 7]


def test_whole_numbers_keep_their_digits() -> None:
    assert [row["x"] for row in shaped({"x": [2**60 + 1, None]}, fill_down=["x"])] == [2**60 + 1] * 2


CELLS = st.lists(st.tuples(st.sampled_from([None, "1", "2"]), st.sampled_from([None, "", "a", 5])), max_size=12)


@settings(max_examples=60, derandomize=True)
@given(cells=CELLS, cut=st.integers(0, 12), within=st.sampled_from([None, "k", "x"]))
def test_parts_are_filled_as_the_whole(
    cells: list[tuple[str | None, str | int | None]], cut: int, within: str | None
) -> None:
    frame = pd.DataFrame({"k": [k for k, _ in cells], "x": [x for _, x in cells]}, dtype=object)
    source = described(names=["k", "x"], fill_down={"columns": ["x"], "within": within})
    parts = Shaper(source, Path()).parts([frame.iloc[:cut], frame.iloc[cut:]])
    assert plain(pd.concat([*parts], ignore_index=True)) == plain(shape(frame, source, Path()))
