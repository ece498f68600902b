"""How figures are written and gathered into bands."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.reports import wording
from recommender.reports.bands import price_bands, whole_bands


@pytest.mark.parametrize(
    ("part", "text"), [(0, "0%"), (1, "100%"), (1 - 1e-12, "100%"), (0.1234, "12.3%"), (0.00065, "0.065%")]
)
def test_shares(part, text):
    assert wording.share(part) == text


@pytest.mark.parametrize(("number", "text"), [(12101, "12,101"), (4.5, "4.5"), (5.0, "5"), (0.0123, "0.012"), (0, "0")])
def test_amounts(number, text):
    assert wording.amount(number) == text


def test_words():
    assert wording.count_of(1, "row") == "1 row"
    assert wording.count_of(2, "category", "categories") == "2 categories"
    assert wording.enumeration(["a", "b", "c"]) == "a, b and c"
    assert wording.enumeration(["a"]) == "a"
    assert wording.shortened("one  two\nthree", 8) == "one two…"


def test_whole_bands_are_named_and_trimmed():
    bands = whole_bands(pd.Series([2, 3, 4, 9]), (0, 1, 2, 3, 5, 10))
    assert bands.to_dict() == {"2": 1, "3–4": 2, "5–9": 1}


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_every_whole_number_is_in_a_band(values):
    assert whole_bands(pd.Series(values), (0, 1, 2, 5, 10, 100)).sum() == len(values)


@given(st.lists(st.floats(0.001, 1e7), min_size=1))
def test_every_price_is_in_a_band(prices):
    bands = price_bands(pd.Series(prices))
    assert bands.sum() == len(prices)
    assert bands.index.is_unique
    assert len(bands) <= 40


def test_price_bands_fit_the_prices():
    bands = price_bands(pd.Series(np.linspace(3, 60, 100)))
    assert list(bands.index) == ["under 5", "5–10", "10–20", "20–50", "50+"]
    assert bands["50+"] == 18


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e6, "1,000,000"),
        (2.5e7, "25,000,000"),
        (1e-5, "0.00001"),
        (0.25, "0.25"),
        (3, "3"),
        (100, "100"),
        (-2.5, "-2.5"),
    ],
)
def test_no_number_has_an_exponent(number, text):
    assert wording.plain(number) == text


@pytest.mark.parametrize("number", [1e-7, 1e-4, 0.5, 12.345, 1e5, 1e9])
def test_amounts_shares_and_spans_have_none_either(number):
    for written in (wording.amount(number), wording.share(number), wording.span(number, 2 * number)):
        assert "e" not in written


def test_price_bands_of_a_currency_with_large_numbers_are_whole():
    bands = price_bands(pd.Series(np.linspace(50_000, 9_000_000, 100)))
    assert not any("e+" in name for name in bands.index)
    assert "1,000,000–2,000,000" in bands.index
