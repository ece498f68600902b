"""What a customer's words mean, and which of them nothing knows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.knowledge import inci
from recommender.knowledge.customer_words.phrasing import FILLERS
from recommender.knowledge.knowledge import Knowledge, names_nothing

KNOWLEDGE = Knowledge.load()
KNOWN = sorted({*KNOWLEDGE.families, *KNOWLEDGE.ingredients})


def unknown(text):
    return [name.text for name in KNOWLEDGE.resolve(text).unknown]


def told(text):
    """What is told of each unknown part: its text, its suggestions, and whether the first is avoided for it."""
    return [
        (words.text, words.suggestions, words.applied) for words in map(KNOWLEDGE.told, KNOWLEDGE.resolve(text).unknown)
    ]


def meets(text, printed):
    return KNOWLEDGE.resolve(text).meets(KNOWLEDGE.label(printed))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("zyxolide", ["zyxolide"]),
        ("Zyxolide Blah", ["Zyxolide Blah"]),
        ("nuts, Zyxolide and brimborium", ["Zyxolide", "brimborium"]),
        ("prabens blah", ["prabens", "blah"]),
        ("kukuri and retinol, please", ["kukuri"]),
        ("anything with strong perfume", []),
        ("I am allergic to zyxolide", ["zyxolide"]),
        ("allergisch gegen Zyxolid", ["Zyxolid"]),
        ("Niacinamide 10 % and blah", ["blah"]),
        ("NIACINAMIDE", []),
        ("red dye 40", ["red"]),
        ("nuts 🥜", []),
        ("🥜", ["🥜"]),
        ("all", ["all"]),
        ("123", ["123"]),
        ("Aqua, Glycerin, Parfum, Zyxolide Extract, Limonene", ["Zyxolide Extract"]),
    ],
)
def test_the_unknown_parts_of_a_text_are_named_as_they_are_written(text, parts):
    assert unknown(text) == parts


def test_what_a_misspelt_word_nearly_spells_is_avoided_and_told():
    assert told("fragrence")[0] == ("fragrence", ("fragrance", "fragranced"), True)
    assert meets("fragrence", "Linalool")
    assert told("prabens blah") == [("prabens", ("paraben", "parabens"), True), ("blah", (), False)]
    assert meets("prabens blah", "Methylparaben")
    assert meets("parafins blah", "Petrolatum")
    assert told("parafins blah")[-1] == ("blah", (), False)


def test_what_is_less_alike_is_only_offered():
    assert told("lanolnn") == [("lanolnn", ("lanolin",), False)]
    assert not meets("lanolnn", "Lanolin")
    assert told("tea tree")[0][1] == ("tea tree oil",)
    assert told("🥜")[0][1] == ("peanut", "nuts")


def test_an_unknown_part_beside_known_ones_excludes_the_labels_with_its_words():
    assert meets("retinol and zyxolide please", "Zyxolide Seed Oil")
    assert meets("retinol zyxolide", "Zyxolide Seed Oil")
    assert meets("retinol zyxolide", "Retinal")
    assert not meets("lavender oil", "Helianthus Annuus Seed Oil")
    assert not meets("red dye 40", "Polysorbate 40")


@pytest.mark.parametrize(
    "text",
    ["none", "None", "NOTHING", "keine", "nichts", "aucune", "rien", "ninguna", "nada", "nessuna", "niente", "n/a",
     "N/A", "-", "--", "", " ", "\n", "no allergies", "no known allergies", "keine Allergien", "none known",
     "없음", "なし", "null"],
)  # fmt: skip
def test_ways_to_say_that_nothing_is_avoided(text):
    assert names_nothing(text)
    assert KNOWLEDGE.resolve(text).terms == frozenset()
    assert unknown(text) == []


@pytest.mark.parametrize("text", ["all", "no nuts", "keine Silikone", "nut allergy", "🥜", "a", "0", "nopal"])
def test_what_does_not_say_so(text):
    assert not names_nothing(text)


@pytest.mark.parametrize(
    "text",
    ["ohne Alcohol", "sans alcohol", "pas d'alcohol", "sin alcohol", "senza alcohol", "allergisch gegen Alcohol",
     "allergique à l'alcohol", "alérgica al alcohol", "allergico all'alcohol", "kein Alcohol bitte", "Alcoholfrei",
     "alcohol-free", "I am allergic to alcohol", "Alcohol-Allergie", "no alcohol please", "무알코올", "알코올 없는"],
)  # fmt: skip
def test_words_around_a_name_in_the_customers_languages(text):
    assert KNOWLEDGE.resolve(text).terms >= {"drying alcohols"}
    assert unknown(text) == []


@pytest.mark.parametrize(
    "text",
    ["sans parfum", "parfümfrei", "ohne Parfum", "senza profumo", "sin perfume", "zonder parfum", "Parfum", "aroma",
     "parfum (fragrance)", "unparfümiert", "unscented", "fragrance/parfum", "bez perfum", "무향"],
)  # fmt: skip
def test_perfume_in_the_customers_languages_is_all_that_is_there_for_its_scent(text):
    assert meets(text, "Linalool")
    assert meets(text, "Lavandula Angustifolia Oil")
    assert unknown(text) == []


def test_perfume_on_a_label_is_the_ingredient():
    for printed in ("Parfum", "Profumo", "Perfume"):
        assert KNOWLEDGE.name(printed) == "parfum"
        assert KNOWLEDGE.label(printed).ingredients == ("parfum",)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ethanol", "Alcohol Denat."),
        ("Mandelöl/Erdnussöl", "Arachis Hypogaea Oil"),
        ("Mandelöl (Erdnussöl)", "Prunus Amygdalus Dulcis Oil"),
        ("walnut", "Juglans Regia Seed Oil"),
        ("Walnussallergie", "Juglans Regia Seed Oil"),
        ("parabens, noisettes", "Corylus Avellana Seed Oil"),
        ("hazelnut oil", "Corylus Avellana Seed Oil"),
        ("barley", "Hordeum Vulgare Extract"),
        ("Soja", "Glycine Max Oil"),
        ("Soja", "Hydrolyzed Soy Protein"),
        ("Schwangerschaft", "Retinol"),
        ("enceinte", "Retinyl Palmitate"),
        ("Formaldehydabspalter", "DMDM Hydantoin"),
    ],
)
def test_what_is_named_by_one_of_its_names_is_avoided_by_all(text, printed):
    assert meets(text, printed)
    assert unknown(text) == []


def test_an_unknown_name_beside_a_translated_one_is_told():
    assert unknown("Mandelöl/Zyxolide") == ["Zyxolide"]
    assert meets("Mandelöl/Zyxolide", "Prunus Amygdalus Dulcis Oil")
    assert not meets("zyxolide extract", "Camellia Sinensis Leaf Extract")


@pytest.mark.parametrize(
    "text",
    ["parabens und retinol", "parabens oder retinol", "parabens et retinol", "parabens ou retinol",
     "parabens y retinol", "parabens e retinol", "parabens, retinol", "parabens; retinol", "parabens\nretinol",
     "parabens、retinol", "sin parabenos y retinol", "파라벤과 레티놀", "no parabens nor retinol"],
)  # fmt: skip
def test_several_names_in_the_customers_languages(text):
    assert meets(text, "Methylparaben")
    assert meets(text, "Retinal")


def test_a_word_that_may_join_is_left_in_a_name():
    assert KNOWLEDGE.resolve("vitamin e acetate").terms == {"tocopheryl acetate"}
    assert not meets("rice water", "Aqua")


@given(st.sampled_from(KNOWN), st.sampled_from(["{}", "no {}", "{}-free", "ohne {}", "{} bitte", "{}, zyxolide"]))
def test_a_known_name_is_never_told_as_unknown(name, frame):
    assert set(unknown(frame.format(name))) <= {"zyxolide"}


@given(st.text(max_size=200))
def test_any_text_is_understood_told_or_says_that_nothing_is_avoided(text):
    term = KNOWLEDGE.resolve(text)
    assert term.terms or term.unknown or names_nothing(text)
    for words in map(KNOWLEDGE.told, term.unknown):
        assert words.text.strip()
        assert len(words.suggestions) <= 3
        assert words.suggestions or not words.applied


@pytest.mark.parametrize("text", ["no soy", "soy", "parabens, soy", "soy milk", "soy, no mit", "no Mit", "Mit", "mit"])
def test_words_around_a_name_are_no_names(text):
    """Spanish for "I am", and German for "with"."""
    wanted = {"soy": "soy", "mit": "methylisothiazolinone"}
    for word in wanted.keys() & set(re.findall(r"\w+", text.lower())):
        assert wanted[word] in KNOWLEDGE.resolve(text).terms
        assert not names_nothing(text)


def test_no_word_that_is_passed_over_is_a_name():
    names = {inci.normalise(name) for key, entry in ENTRIES.items() for name in (key, *entry.synonyms)}
    assert FILLERS & names == set()


def test_somebody_who_says_i_am_in_spanish_avoids_what_follows():
    assert KNOWLEDGE.resolve("soy alérgica a la lanolina").terms >= {"lanolin"}
    assert "soy" not in KNOWLEDGE.resolve("soy alérgica a la lanolina").terms


ENTRIES = {**KNOWLEDGE.ingredients, **KNOWLEDGE.families}


@pytest.mark.parametrize("said", ["{}", "no {}", "{}-free", "without {}", "no {}-free", "{} allergy", "NO {} PLEASE"])
def test_every_name_is_understood_among_the_words_around_it(said):
    """Also a name that begins as they do: non-vegan, produits de la ruche."""
    names = [(key, name) for key, entry in ENTRIES.items() for name in (key, *entry.synonyms)]
    assert [name for key, name in names if key not in KNOWLEDGE.resolve(said.format(name)).terms] == []
