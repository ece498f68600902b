"""How numbers and times of a column are written."""

import pytest

from recommender.onboarding.profiling.numbers import numbers_of
from recommender.onboarding.profiling.times import is_clock, times_of


@pytest.mark.parametrize(
    ("texts", "decimal", "thousands", "high"),
    [
        (["1.234,50", "12,00"], ",", ".", 1234.5),
        (["1,234.50", "12.00"], ".", ",", 1234.5),
        (["209.000đ", "59.000đ"], ",", ".", 209_000),
        (["12,000원", "9,500원"], ".", ",", 12_000),
        (["1 250,50 zł", "3,00 zł"], ",", "", 1250.5),
        (["$37.42", "$4.00"], ".", "", 37.42),
        (["USD 12", "(12.50)"], ".", "", 12.5),
        (["0.125", "1.250"], ".", "", 1.25),
    ],
)
def test_marks_of_numbers(texts, decimal, thousands, high):
    found = numbers_of(texts)
    assert found is not None
    assert (found.decimal, found.share) == (decimal, 1)
    assert found.thousands in (thousands, "." if decimal == "," else ",")
    assert found.high == high


def test_ids_with_letters_are_no_numbers():
    assert numbers_of(["P447785", "SKU012", "A-1"]) is None


def test_thousands_that_may_be_decimals_are_doubtful():
    found = numbers_of(["1.125", "12.500", "3.750"])
    assert found is not None
    assert not found.certain


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["2024-03-14", "2024-12-01"], ()),
        (["2024-03-14T10:00:00Z"], ()),
        (["14.03.2024 10:30", "01.12.2024 9:05"], ("%d.%m.%Y %H:%M",)),
        (["03/14/2024", "12/01/2024"], ("%m/%d/%Y",)),
        (["12/1/2010 8:26", "12/13/2010 9:00"], ("%m/%d/%Y %H:%M",)),
        (["1710410400000", "1733011200000"], ("ms",)),
        (["1710410400", "1733011200"], ("s",)),
        (["45292", "45310.5"], ("excel",)),
        (["2024년 3월 14일", "2024년 12월 1일"], ("%Y년 %m월 %d일",)),
        (["04 3, 2014", "12 31, 2013"], ("%m %d, %Y",)),
        (["14.03.2024", "15.03.2024", "2024-03-16", "2024-03-17"], ("%Y-%m-%d", "%d.%m.%Y")),
    ],
)
def test_the_format_of_times(texts, formats):
    found = times_of(texts)
    assert found is not None
    assert (found.formats, found.share) == (formats, 1)


def test_the_order_of_day_and_month_is_that_in_which_rows_go_forward():
    found = times_of([f"{month:02}/{day:02}/2024" for month in range(1, 4) for day in range(1, 12)])
    assert found is not None
    assert (found.formats, found.other) == (("%m/%d/%Y",), "%d/%m/%Y")
    assert "follow each other" in found.why


@pytest.mark.parametrize(
    "texts", [["Cream 50 ml", "Serum"], ["12", "7"], ["0048123", "0048124"], ["99999999", "12345678"]]
)
def test_other_texts_are_no_times(texts):
    assert times_of(texts) is None


def test_times_of_day_alone():
    assert is_clock(["09:30", "17:05:10"])
    assert not is_clock(["2024-01-01 09:30"])
