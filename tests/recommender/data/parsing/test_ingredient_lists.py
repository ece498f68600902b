"""Ingredient labels as lists of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.data.parsing.ingredient_lists import split_label


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("Water (Aqua, Eau), Glycerin, 1,2-Hexanediol.", ["Water (Aqua, Eau)", "Glycerin", "1,2-Hexanediol"]),
        ("Aqua; Parfum ; Aqua", ["Aqua", "Parfum"]),
        (["Step 1:", "Water, Lactic Acid.", "Step 2:", "Glycerin."], ["Water", "Lactic Acid", "Glycerin"]),
        (["Water, Mica.", "May Contain (+/-):", "Iron Oxides (CI 77491)"], ["Water", "Mica", "Iron Oxides (CI 77491)"]),
        ("Mica [+/- Carmine (CI 75470), Titanium Dioxide]", ["Mica", "Carmine (CI 75470)", "Titanium Dioxide"]),
        ("Limonene. Linalool.Squalane", ["Limonene", "Linalool", "Squalane"]),
        ("Ext. Violet 2, Rosa Canina L. (Rosehip) Oil", ["Ext. Violet 2", "Rosa Canina L. (Rosehip) Oil"]),
        ("Alcohol Denat. (SD Alcohol 40-B), Fragrance*", ["Alcohol Denat. (SD Alcohol 40-B)", "Fragrance"]),
        ("Blend (Amylase, Papain, Lipase, Zinc), Mica", ["Blend", "Amylase", "Papain", "Lipase", "Zinc", "Mica"]),
        ("Chickweed( Extract, Limonene", ["Chickweed", "Extract", "Limonene"]),
        ("Homosalate: 6.0%, Water", ["Homosalate", "Water"]),
        ("Water (and) Glycerin @ Parfum", ["Water", "Glycerin", "Parfum"]),
        ("<b>Water</b>, Glycerin", ["Water", "Glycerin"]),
        (["Water", "Glycerin", "Parfum"], ["Water", "Glycerin", "Parfum"]),
        ("Water\nGlycerin\nParfum", ["Water", "Glycerin", "Parfum"]),
        ("정제수, 글리세린(744ppm),향료", ["정제수", "글리세린(744ppm)", "향료"]),
        (" . , ; 12% ", []),
    ],
)  # fmt: skip
def test_names_in_label_order(label: str | list[str], names: list[str]) -> None:
    assert split_label(label) == names


def test_a_long_line_that_breaks_off_goes_on_in_the_next() -> None:
    first = "Aqua (Water/Eau), Stearic Acid, Isopropyl Isostearate, Dimethicone, Glycerin, Pentylene"
    assert split_label([first, "Glycol, Parfum"])[-2:] == ["Pentylene Glycol", "Parfum"]


@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?", fullmatch=True), unique=True, max_size=8))
def test_plain_names_come_back_as_they_went_in(names: list[str]) -> None:
    assert split_label(", ".join(names)) == names
    assert split_label(names) == names


@given(st.text())
def test_any_text_is_read_without_an_error_and_twice_the_same(text: str) -> None:
    names = split_label(text)
    assert len(set(names)) == len(names)
    assert all(any(sign.isalpha() for sign in name) for name in names)
