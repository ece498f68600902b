import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.knowledge import inci


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("GLYCERIN", "glycerin"),
        ("  Sodium   Lauryl\tSulphate ", "sodium lauryl sulfate"),
        ("Parfum*.", "parfum"),
        ("Niacinamide 10%", "niacinamide"),
        ("Ascorbic Acid (15 %)", "ascorbic acid"),
        ("병풀추출물(744ppm)", "병풀추출물"),
        ("May contain: CI77491", "ci 77491"),
        ("[+/- Mica]", "mica"),
        ("Peut contenir (+/-): Mica", "mica"),
        ("Certified Organic Rosa Canina Fruit Oil", "rosa canina fruit oil"),
        ("Huile végétale", "huile vegetale"),
        ("1,2-Hexanediol", "1,2-hexanediol"),
        ("C12-15 Alkyl Benzoate", "c12-15 alkyl benzoate"),
        ("Alcohol Denat.", "alcohol denat"),
        ("", ""),
        ("*", ""),
    ],
)
def test_one_name_whatever_the_spelling(printed, name):
    assert inci.normalise(printed) == name


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert inci.normalise(inci.normalise(text)) == inci.normalise(text)


@given(st.text(alphabet="abcxyz ,/()-", max_size=40))
def test_readings_hold_no_parenthesis_beyond_the_whole(text):
    assert not any(sign in reading for reading in inci.readings(text)[1:] for sign in "()")


@pytest.mark.parametrize(
    ("printed", "readings"),
    [
        ("Water (Aqua/Eau)", {"water", "aqua/eau", "aqua", "eau"}),
        ("Parfum/Fragrance", {"parfum", "fragrance"}),
        ("Helianthus Annuus (Sunflower) Seed Oil", {"helianthus annuus seed oil", "sunflower"}),
        ("Glycerin (from coconut", {"glycerin from coconut"}),
    ],
)
def test_a_mention_is_read_in_every_way(printed, readings):
    assert readings <= set(inci.readings(printed))


def test_words_lose_their_plural_s_only():
    assert inci.stems("Parabens, oats and grass") == ("paraben", "oat", "and", "grass")
