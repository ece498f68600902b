"""Numbers as people write them all over the world, with what they put beside them."""

# ruff: noqa: RUF001 (digits and signs of other alphabets are meant)
from typing import Any

import pandas as pd
import pytest

from recommender.data.parsing.currencies import CODES, code_of
from recommender.data.parsing.number_marks import Marks, likely_marks
from recommender.data.parsing.numbers import currencies, read_numbers


def number(text: str, *marks: str, **options: Any) -> float | None:
    found = read_numbers(pd.Series([text], dtype=object), *marks, **options)[0]
    return None if pd.isna(found) else found


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_may_stand_before_and_behind(code: str) -> None:
    texts = [f"{code} 12.50", f"12.50 {code}", f"{code}12.50", f"12.50{code.lower()}", f"-{code} 12.50"]
    cells = pd.Series(texts, dtype=object)
    assert read_numbers(cells).abs().tolist() == [12.5] * 5
    assert {code_of(sign) for sign in currencies(cells)} == {code}


SIGNS = (
    "$ € £ ¥ ₩ ₹ ₺ ₽ ₫ đ ฿ ₴ ₦ ₱ ₪ ₵ ₲ ₡ ₭ ₮ ₼ ₾ ֏ ៛ ৳ ₨ ₿ ﷼ ￥ zł Kč Ft kr kr. "
    "lei лв руб. грн дин Rp RM S/ Fr. TL VNĐ R R$ NT$ HK$ US$ د.إ 円 元 원"
)


@pytest.mark.parametrize("sign", SIGNS.split())
def test_every_sign_may_stand_before_and_behind(sign: str) -> None:
    cells = pd.Series([f"{sign}12.50", f"{sign} 12.50", f"12.50{sign}", f"12.50\u00a0{sign}"], dtype=object)
    assert read_numbers(cells).tolist() == [12.5] * 4
    assert set(currencies(cells)) == {sign}


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("(12.50)", (), -12.5),
        ("($12.50)", (), -12.5),
        ("12.-", (), 12),
        ("CHF 12.\u2013", (), 12),
        ("1.234,-", (",", "."), 1234),
        ("1'234.50", (), 1234.5),
        ("1\u2019234.50", (), 1234.5),
        ("1\u2003234\u2003567", (), 1234567),
        ("1 234,50 €", (",", "."), 1234.5),
        ("1.234,50 €", (",", "."), 1234.5),
        ("209.000đ", (",", "."), 209_000),
        ("₹1,23,456.78", (".", ","), 123_456.78),
        ("12,34,56,789", (".", ","), 123_456_789),
        ("\u200e12.5\u200f ₪", (), 12.5),
        ("\uff11\uff12\uff0e5".replace("\uff0e", "."), (), 12.5),
        ("٢٠٩٫٥ ر.س", (), 209.5),
        ("١٬٢٣٤", (), 1234),
        ("1,23,456", (), None),
        ("12,3456", (".", ","), None),
        ("10 20 300", (".", ","), None),
        ("12 € / 15 €", (), None),
        ("12 €/kg", (), None),
        ("20 %", (), None),
    ],
)
def test_one_number_or_none(text: str, marks: tuple[str, ...], expected: float | None) -> None:
    assert number(text, *marks) == expected


@pytest.mark.parametrize(
    ("text", "share"), [("20 %", 0.2), ("12.5%", 0.125), ("%87", 0.87), ("-3 %", -0.03), ("1 % %", None)]
)
def test_a_percentage_is_a_share_where_shares_are_meant(text: str, share: float | None) -> None:
    assert number(text, shares=True) == share


@pytest.mark.parametrize(
    ("texts", "whole", "marks"),
    [
        (["12,5", "3"], False, Marks(",", "")),
        (["1.234,50", "2"], False, Marks(",", ".")),
        (["1,234.50"], False, Marks(".", ",")),
        (["209.000đ", "1.250.000đ"], False, Marks(",", ".")),
        (["209.000", "99.000"], False, None),
        (["209.000", "99.000"], True, Marks(",", ".")),
        (["12,000"], False, None),
        (["12,000"], True, Marks(".", ",")),
        (["0,999", "1,250"], False, Marks(",", "")),
        (["1,23,456"], False, Marks(".", ",")),
        (["12.50", "1,5"], False, None),
        (["1 234,5"], False, Marks(",", "")),
        (["12"], True, None),
        ([], False, None),
    ],
)
def test_marks_are_told_by_the_column_as_a_whole(texts: list[str], whole: bool, marks: Marks | None) -> None:
    assert likely_marks(pd.Series(texts, dtype=object), whole=whole) == marks
