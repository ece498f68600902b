"""Whatever hides a name on a label, what a customer avoids is found; and nothing else is."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.data.parsing.ingredient_lists import split_label
from recommender.knowledge import inci
from recommender.knowledge.knowledge import Knowledge

KNOWLEDGE = Knowledge.load()
FAMILIES = frozenset(KNOWLEDGE.families)
MEMBERS = sorted((family, member) for family, entry in KNOWLEDGE.families.items() for member in entry.members)
OTHERS = sorted(name for name in KNOWLEDGE.ingredients if name.isascii() and len(name.split()[-1]) > 3)
LOOKALIKES = str.maketrans("aeopcxi", "аеорсхі")  # noqa: RUF001
WIDE = {at: at + 0xFEE0 for at in range(0x21, 0x7F)}


def inside(sign: str) -> Callable[[str], str]:
    """Puts a sign behind the second letter of the longest word."""

    def disguised(name: str) -> str:
        word = max(name.replace("-", " ").replace("/", " ").split(), key=len)
        return name.replace(word, f"{word[:2]}{sign}{word[2:]}", 1)

    return disguised


def mixed(name: str) -> str:
    """The first letter that looks like a Cyrillic one is one, in each word with another letter besides."""
    words = name.split(" ")
    return " ".join(word[:1] + word[1:].translate(LOOKALIKES) if word[:1].isalpha() else word for word in words)


DISGUISES: dict[str, Callable[[str], str]] = {
    "none": str,
    "capitals": str.upper,
    "soft hyphen": inside("\u00ad"),
    "zero-width blank": inside("\u200b"),
    "zero-width joiner": inside("\u200d"),
    "word joiner": inside("\u2060"),
    "byte order mark": inside("\ufeff"),
    "entity": inside("&shy;"),
    "entity twice": inside("&amp;#8203;"),
    "entities of signs": lambda name: name.replace("-", "&#45;").replace("'", "&#39;"),
    "markup": inside("<b>"),
    "closed markup": lambda name: f"<span class='x'>{name[:2]}</span>{name[2:]}",
    "raised footnote": lambda name: f"{name}¹" if name[-4:].isalpha() else name,
    "footnote in markup": lambda name: f"{name}<sup>1</sup>",
    "footnote in parentheses": lambda name: f"{name} (1)",
    "footnote": lambda name: f"{name} 1" if name[-4:].isalpha() else name,
    "asterisks": lambda name: f"**{name}**",
    "dagger": lambda name: f"{name}†",
    "trade mark": lambda name: f"{name}®",
    "hard blanks": lambda name: name.replace(" ", "\u00a0"),
    "hard hyphens": lambda name: name.replace("-", "\u2011"),
    "full width": lambda name: name.translate(WIDE),
    "Cyrillic letters": mixed,
    "amount": lambda name: f"{name} 0.5%",
    "synonym": lambda name: f"Xyz ({name})" if "(" not in name else name,
}
SEPARATORS = (
    ", ", ",", "; ", ";", " - ", " • ", "•", "●", "、", "·", " · ", "・", "\uff1b", "\uff0c", " | ", "|", "\t", "\n",
    ",\n", " * ", " and ", " & ", " ■ ", "<br>", "</li><li>", " — ", "&nbsp;&bull; ",
)  # fmt: skip


def terms_on(label: str) -> set[str]:
    """What the names on a label are and belong to."""
    return set[str]().union(*(KNOWLEDGE.label(name).terms for name in split_label(label)))


def plain(names: list[str]) -> set[str]:
    """The families of undisguised names."""
    return set[str]().union(*(KNOWLEDGE.label(name).terms & FAMILIES for name in names))


@pytest.mark.parametrize("disguise", DISGUISES)
def test_every_member_is_found_in_every_disguise(disguise: str) -> None:
    missed = [member for family, member in MEMBERS if family not in terms_on(DISGUISES[disguise](member))]
    assert missed == []


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_disguise_makes_an_ingredient_a_member(disguise: str) -> None:
    alarms = [name for name in OTHERS if terms_on(DISGUISES[disguise](name)) & FAMILIES > plain([name, "Xyz"])]
    assert alarms == []


@settings(max_examples=300, deadline=None)
@given(
    avoided=st.sampled_from(MEMBERS),
    disguise=st.sampled_from(list(DISGUISES)),
    others=st.lists(st.sampled_from(OTHERS), min_size=1, max_size=30, unique=True),
    separator=st.sampled_from(SEPARATORS),
    data=st.data(),
)
def test_a_member_is_found_wherever_it_stands_in_a_list(avoided, disguise, others, separator, data) -> None:
    family, member = avoided
    at = data.draw(st.integers(0, len(others)))
    names = [*others[:at], DISGUISES[disguise](member), *others[at:]]
    found = terms_on(separator.join(names)) & FAMILIES
    assert family in found
    assert found <= plain([*others, member, "Xyz"])


@pytest.mark.parametrize("line_break", ["\n", "\r\n", " \n  "])
def test_a_member_is_found_though_a_line_ends_in_it(line_break: str) -> None:
    broken = [(family, member.replace(" ", line_break)) for family, member in MEMBERS]
    hyphenated = [
        (family, f"{member[:3]}-{line_break}{member[3:]}") for family, member in MEMBERS if member[:4].isalpha()
    ]
    around = "Aqua, Glycerin, Mica, Talc, Squalane, Betaine, {}, Urea, Panthenol, Allantoin, Niacinamide"
    missed = [name for family, name in (*broken, *hyphenated) if family not in terms_on(around.format(name))]
    assert missed == []


@pytest.mark.parametrize(
    "printed",
    [
        "C.I. 75470", "CI-75470", "CI 75 470", "CI75470", "C I 75470", "C. I. 75470", "Cl 75470", "CI: 75470",
        "CI No. 75470", "Colour Index 75470", "Color Index No. 75470", "75470", "(75470)",
         "CI 75470 (Carmine)", "75470 (Carmine)",
        "\uff23\uff29\u3000\uff17\uff15\uff14\uff17\uff10",
    ],
)  # fmt: skip
def test_a_colour_index_number_has_one_spelling(printed: str) -> None:
    assert "ci 75470" in inci.readings(printed)
    assert "carmine" in KNOWLEDGE.label(printed).ingredients


@pytest.mark.parametrize(
    "printed",
    [
        "CI 77491, 77492, 75470", "CI 77491,75470", "CI 77491/75470", "CI 77491 75470", "CI 77491 & 75470",
        "CI 77491; CI 75 470", "Iron Oxides (CI 77491, 75470)", "Colorants (77491, 75470)",
    ],
)  # fmt: skip
def test_every_number_of_a_list_is_a_colour_index_number(printed: str) -> None:
    assert "carmine" in KNOWLEDGE.label(printed).ingredients
    assert "carmine" in terms_on(f"Aqua, {printed}, Parfum")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "()",
        "( ",
        "1.",
        "-",
        "a b ",
        "ci 77491 ",
        "contains ",
        "<b",
        "<!--",
        "&amp;",
        "a¹",
        " ",
        "1 % ",
        "(77491",
        "a-",
    ],
)
def test_a_name_of_any_length_is_read_in_time(piece: str) -> None:
    inci.readings(piece * (100_000 // len(piece)) + "x")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("mi\u00b9", "methylisothiazolinone"),
        ("Vitamin C\u00b9", "ascorbic acid"),
        ("Mexoryl SX\u00b2", "terephthalylidene dicamphor sulfonic acid"),
        ("Parsol 1789\u00b9", "avobenzone"),
        ("CI 75470\u00b3", "carmine"),
        ("Coco\u2013Caprylate", "coco-caprylate"),
        ("Whey Protein\\Lactis Proteinum\\Parfum", "fragrance"),
        ("Mineral Oil\\\\Paraffinum Liquidum\\\\Huile Minérale", "mineral oil"),
    ],
)
def test_footnotes_and_signs_between_spellings_hide_no_name(printed: str, name: str) -> None:
    label = KNOWLEDGE.label(printed)
    assert name in label.terms
    assert label.understood
