"""Cells of any type as texts and back."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data.sources.parts.cell_codec import UnkeptCellError, decoded, encoded
from recommender.data.sources.parts.foreign_rows import SpooledObjects

KEYS = st.text(max_size=5)
CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
OTHERS = (
    st.decimals(allow_nan=False)
    | st.datetimes().map(lambda day: day.replace(fold=0))
    | st.dates()
    | st.times().map(lambda clock: clock.replace(fold=0))
    | st.uuids()
    | st.binary(max_size=9)
)


def typed(cell: Any) -> Any:
    """A cell with the types of all that it holds: True is no 1."""
    if isinstance(cell, list):
        return [typed(entry) for entry in cell]
    if isinstance(cell, dict):
        return [(key, typed(value)) for key, value in cell.items()]
    return type(cell), repr(cell)


@given(CELLS | OTHERS)
def test_a_cell_comes_back_as_it_was(cell: Any) -> None:
    assert typed(decoded(encoded(cell))) == typed(cell)


@pytest.mark.parametrize(
    "cell",
    [
        (1, 2), {1: "a"}, [(1,)], {"a": {2}}, np.float64(1), np.int64(1), pd.Timestamp(0), pd.NaT, [Decimal(1)],
        time(0, fold=1), datetime(2025, 1, 1, fold=1),
    ],
    ids=repr,
)  # fmt: skip
def test_a_cell_that_would_come_back_as_another_is_refused(cell: Any) -> None:
    with pytest.raises(UnkeptCellError):
        encoded(cell)


def test_frames_come_back_from_their_files(tmp_path: Path) -> None:
    mixed = [1, "1", None, 1.5, True, ["a"], {"b": None}, Decimal("1.20"), datetime(2025, 1, 1, tzinfo=UTC), b"x"]
    frames = [
        pd.DataFrame({"any": pd.Series(mixed[:5], dtype=object), "whole": [1, 2, 3, 4, 5]}),
        pd.DataFrame({"any": pd.Series(mixed[5:], dtype=object), "whole": [1.5, np.nan, 3.0, 4.0, 5.0]}),
    ]
    frames[1]["when"] = pd.to_datetime(["2025-01-01", None, "2025-01-03", "2025-01-04", "2025-01-05"], utc=True)
    kept = SpooledObjects(frames, tmp_path / "rows")
    assert kept.rows == 10
    for _ in range(2):
        found = [part.frame(list(frame)) for part, frame in zip(kept.parts(), frames, strict=True)]
        for one, frame in zip(found, frames, strict=True):
            pd.testing.assert_frame_equal(one, frame)
            assert [typed(cell) for cell in one["any"]] == [typed(cell) for cell in frame["any"]]


@pytest.mark.parametrize("dtype", ["Int64", "boolean"])
def test_a_column_that_would_come_back_as_another_is_refused(tmp_path: Path, dtype: str) -> None:
    with pytest.raises(UnkeptCellError, match=dtype):
        SpooledObjects([pd.DataFrame({"any": pd.Series([1, None], dtype=dtype)})], tmp_path / "rows")


def test_rows_without_columns_keep_their_number(tmp_path: Path) -> None:
    (part,) = SpooledObjects([pd.DataFrame(index=pd.RangeIndex(3))], tmp_path / "rows").parts()
    assert len(part) == 3


@pytest.mark.parametrize("cell", [date(2025, 1, 1), time(1, 2), UUID(int=7)])
def test_what_a_database_gives_is_kept(cell: Any) -> None:
    assert typed(decoded(encoded(cell))) == typed(cell)
