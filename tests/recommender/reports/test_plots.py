"""Drawings: named, without outside references, and the same bytes for the same data."""

import re

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


def test_long_labels_under_bars_are_broken_and_many_are_set_steep():
    few = plots.columns(["new model", "best-sellers (the last 90 days)"], [1, 2], x="", y="shown")
    assert "rotate(-40)" not in few
    assert "best-sellers (the last 90 days)" not in few  # in two lines
    many = plots.columns([f"{i},000–{i},999" for i in range(9)], [1.0] * 9, x="", y="shown")
    assert many.count("rotate(-40)") == 9


def test_times_have_the_days_they_lie_in():
    times = pd.date_range("2025-06-15 20:00", periods=5, freq="5min", tz="UTC")
    figures = [(0.1, 0.05, 0.2)] * 5
    assert "2025-06-15 (UTC)" in plots.band(times, figures, y="Conversion")
    days = pd.date_range("2025-06-15", periods=5, freq="D", tz="UTC")
    assert "2025-06-15 to 2025-06-19 (UTC)" in plots.band(days, figures, y="Conversion")


def test_moments_of_one_second_have_clock_times_below_them():
    times = pd.to_datetime(["2025-06-15 20:00:43.1", "2025-06-15 20:00:43.6"], utc=True)
    ticks = re.findall(r"<text[^>]*>([^<]*)</text>", plots.band(times, [(0.1, 0.0, 0.2)] * 2, y="Conversion"))
    assert "20:00" in ticks
    assert not [tick for tick in ticks if re.fullmatch(r"\d+\.\d{3,}", tick)]
