"""Drawings: named, without outside references, and the same bytes for the same data."""

import numpy as np
import pandas as pd
import pytest

from recommender.reports import plots

DRAWINGS = {
    "columns": lambda: plots.columns(["a", "<b>"], [1, 2], x="what", y="how much", shares=True, even=1.0),
    "series": lambda: plots.series(pd.date_range("2020-01-01", periods=30, freq="MS"), list(range(30)), y="uses"),
    "lorenz": lambda: plots.lorenz(np.linspace(0, 1, 5), np.linspace(0, 1, 5) ** 2),
    "band": lambda: plots.band(
        pd.date_range("2025-01-01", periods=3, freq="D", tz="UTC"),
        [(0.1, 0.0, 0.2), (0.2, 0.1, 0.3), (0.15, 0.1, 0.2)],
        y="lift",
        shares=True,
        even=0.0,
    ),
    "intervals": lambda: plots.intervals(["us", "them"], [0.2, 0.1], [0.15, 0.05], [0.25, 0.15], x="NDCG"),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_is_one_inline_element(draw):
    svg = draw()
    assert svg.startswith("<svg ")
    assert svg.rstrip().endswith("</svg>")
    assert 'role="img" aria-label="' in svg
    assert "http" not in svg
    assert "viewBox" in svg


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_the_same_data_gives_the_same_bytes(draw):
    assert draw() == draw()


def test_labels_stay_text_and_are_escaped():
    svg = DRAWINGS["columns"]()
    assert "&lt;b&gt;" in svg
    assert "<b>" not in svg
    assert ">how much</text>" in svg
