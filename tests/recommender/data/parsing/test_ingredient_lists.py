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


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("PEG-8,2-Bromo-2-Nitropropane-1,3-Diol", ["PEG-8", "2-Bromo-2-Nitropropane-1,3-Diol"]),
        ("2-Bromo-2-Nitropropane-1, 3-Diol, Mica", ["2-Bromo-2-Nitropropane-1,3-Diol", "Mica"]),
        ("5-Bromo-5-Nitro-1,3-Dioxane,Mica", ["5-Bromo-5-Nitro-1,3-Dioxane", "Mica"]),
        ("Steareth-2,1,2-Hexanediol,Polysorbate 20,1,2-Hexanediol", ["Steareth-2", "1,2-Hexanediol", "Polysorbate 20"]),
        ("카퍼트라이펩타이드-1,1,2-헥산다이올", ["카퍼트라이펩타이드-1", "1,2-헥산다이올"]),
        ("Niacinamide 2,5%, Zinc PCA 0,5 %", ["Niacinamide 2,5%", "Zinc PCA 0,5 %"]),
        ("CI 77491,77492", ["CI 77491", "CI 77492"]),
        ("CI 77491, 75470", ["CI 77491", "CI 75470"]),
        ("CI 77491/77492/77499", ["CI 77491", "CI 77492", "CI 77499"]),
        ("CI 77491 (Iron Oxides), 75470 (Carmine)", ["CI 77491 (Iron Oxides)", "CI 75470 (Carmine)"]),
        ("Aqua - PEG - 8 - Parfum", ["Aqua", "PEG - 8", "Parfum"]),
        ("Aqua - 1,2-Hexanediol - Parfum", ["Aqua", "1,2-Hexanediol", "Parfum"]),
        ("AQUA. GLYCERIN.PARFUM", ["AQUA", "GLYCERIN", "PARFUM"]),
        ("Mel. Rosa Oil. Talc", ["Mel", "Rosa Oil", "Talc"]),
        ("Aqua、Glycerin、Parfum", ["Aqua", "Glycerin", "Parfum"]),
        ("Aqua ● Glycerin●Parfum", ["Aqua", "Glycerin", "Parfum"]),
        ("Aqua\uff0cGlycerin\uff1bParfum\uff08Fragrance\uff09", ["Aqua", "Glycerin", "Parfum(Fragrance)"]),
        ("Aqua · Glycerin・Parfum | Mica\tTalc", ["Aqua", "Glycerin", "Parfum", "Mica", "Talc"]),
        ("Aqua * Glycerin * Parfum", ["Aqua", "Glycerin", "Parfum"]),
        ("Aqua and Glycerin & Parfum", ["Aqua", "Glycerin", "Parfum"]),
        ("Alcohol <5%, Parfum >1%", ["Alcohol", "Parfum"]),
        ("Aqua <Parfum>", ["Aqua", "Parfum"]),
        ("<p>Aqua</p><p>Huile d&amp;#39;olive</p>", ["Aqua", "Huile d'olive"]),
        ("Aqua, <b>Limo</b>nene", ["Aqua", "Limonene"]),
        ("<i>Aqua</i><i>Parfum</i>", ["AquaParfum", "Aqua", "Parfum"]),
        ("Aqua, Limo-\nnene, PEG-\n8", ["Aqua", "Limonene", "PEG-8", "Limo-nene"]),
        ("Mica, Sodium Lauryl\nSulfate, Talc", ["Mica", "Sodium Lauryl", "Sulfate", "Talc", "Sodium Lauryl Sulfate"]),
        ("Limo\u00adnene, Lina\u200blool", ["Limonene", "Linalool"]),
    ],
)  # fmt: skip
def test_names_are_parted_where_two_readings_would_hide_one(label: str, names: list[str]) -> None:
    assert split_label(label) == names


@pytest.mark.parametrize("separator", [" / ", "  ", "*", "#", "_", "/", "+", ". "])
def test_what_is_too_long_for_a_name_is_divided_by_whatever_divides_all_of_it(separator: str) -> None:
    names = [f"{letter}xx Yyyyyyyyyyyy" for letter in "ABCDEFGHIJKLMN"]
    assert split_label(separator.join(names)) == names


@pytest.mark.parametrize("text", ["Aqua, Glyc…", "Aqua, Glyc...", "Aqua, Glyc etc.", "['Aqua', 'Glyc"])
def test_the_last_name_of_a_label_that_goes_on_says_so(text: str) -> None:
    names = split_label(text)
    assert names[0] == "Aqua"
    assert names[-1].endswith("…")
    assert split_label(names) == names


def test_a_label_as_long_as_its_column_may_be_is_cut_off() -> None:
    label = ("Glycerin, " * 30)[:255]
    assert split_label(label, limit=255)[-1].endswith("…")
    assert not split_label(label)[-1].endswith("…")


def test_a_long_name_with_commas_in_parentheses_does_not_swallow_the_next() -> None:
    name = "Iron Oxides of several kinds and origins (CI 77491, CI 77492, CI 77499)"
    assert split_label([name.replace(" and ", " "), "Alcohol"])[-1] == "Alcohol"


@given(st.text(alphabet="abAB 12,;.-/()\n•", max_size=60))
def test_what_was_divided_stays_as_it_is(text: str) -> None:
    names = split_label(text)
    assert [part for name in names for part in split_label([name])] == names


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["(", ")", "()", ",1", "1,", "- ", "a\n", "a-\n", ". ", "ci 77491/", "+/-", "<b", "&", "<b>a", "a *"]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    split_label(piece * (100_000 // len(piece)))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("tartaric\nacid \u25cf hydrolyzed silk \u25cf Mica", "tartaric acid"),
        ("benzyl\nsalicylate, Mica", "benzyl salicylate"),
        ("anisyl\nalcohol", "anisyl alcohol"),
        ("Pectin\nmethyl\nsalicylate\nMica", "methyl salicylate"),
        ("Pectin<br>methyl\nsalicylate<br>Mica", "methyl salicylate"),
        ("Ethyl Vanillin - malic\nacid", "malic acid"),
        ("Mica | mdm\vhydantoin", "mdm hydantoin"),
        ("Aqua, Glycerin, Limo\u2010\nnene", "Limonene"),
        (["Aqua", "tartaric\nacid"], "tartaric acid"),
        ("Mica, phenol, 2-methoxy-4-(2-propenyl)-, acetate", "phenol 2-methoxy-4-(2-propenyl)- acetate"),
        ("phenol,\n2-methoxy-4-(2-propenyl)-, acetate \u2022 Mica", "phenol 2-methoxy-4-(2-propenyl)- acetate"),
        ("Retinal 2% - Parfum* - \u201cMica\u201d - Talc", "Parfum"),
        ("Polyacrylamide - Glyceryl Undecylenate", "Glyceryl Undecylenate"),
        ("Aqua - PEG - 150 - Mica", "PEG - 150"),
        ("Vitamin B12,3-O-Ethyl Ascorbic Acid", "Vitamin B12"),
        ("Aqua, Caprylyl\u2013Caprylate, 1,2\u2013Hexanediol", "Caprylyl-Caprylate"),
        ("Aqua, Caprylyl\u2013Caprylate, 1,2\u2013Hexanediol", "1,2-Hexanediol"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_lines_and_signs_break_it(label: str | list[str], name: str) -> None:
    assert name in split_label(label)


def test_lines_that_part_names_join_none_that_nobody_knows() -> None:
    lines = ["Water", "Glycerin", "Parfum", "Cetyl", "Alcohol"]
    assert split_label("\n".join(lines)) == [*lines, "Cetyl Alcohol"]
