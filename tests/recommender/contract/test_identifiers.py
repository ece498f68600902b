import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.contract.identifiers import MAXIMUM_LENGTH, are_plain, id_fault, normalised_id, usable_id
from tests.support.spellings import SPELLINGS, UNUSABLE


@pytest.mark.parametrize(("wanted", "spellings"), SPELLINGS.items())
def test_every_spelling_of_an_id_is_that_id(wanted, spellings):
    assert {normalised_id(text) for text in spellings} == {wanted}


def test_blanks_are_those_of_the_language():
    assert not {blank for blank in map(chr, range(sys.maxunicode + 1)) if blank.isspace() and normalised_id(blank)}


@given(st.text())
def test_an_id_is_normalised_once(text):
    assert normalised_id(normalised_id(text)) == normalised_id(text)


@given(st.lists(st.text(min_size=1, max_size=4) | st.sampled_from(["7.0", "a", "a b", "7.0 ", "-1.0"]), min_size=1))
def test_what_is_plain_at_first_sight_is_normalised_and_usable(texts):
    each = all(normalised_id(text) == text and not id_fault(text) for text in texts)
    assert each or not are_plain(texts)
    if each and all(text.isascii() and " " not in text and not text.endswith(".0") for text in texts):
        assert are_plain(texts)


@pytest.mark.parametrize(
    ("identifier", "fault"),
    [
        ("x" * MAXIMUM_LENGTH, None),
        ("\U0001f9f4" * MAXIMUM_LENGTH, None),
        ("x" * (MAXIMUM_LENGTH + 1), "it has 257 characters, more than 256"),
        ("", "it is empty"),
        ("a\x00b", "it has a control character"),
        ("a\x9fb", "it has a control character"),
        ("a\ud800", "it has a control character"),
        ("a b|c;$d'\"#", None),
    ],
)
def test_an_id_is_usable_or_it_is_said_why_not(identifier, fault):
    assert id_fault(identifier) == fault


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_text_that_is_no_id_is_none(text):
    assert usable_id(text) is None


def test_a_text_far_too_long_is_judged_at_once():
    """Composing takes the square of the number of marks on one letter."""
    assert id_fault(normalised_id("a" + "\u0301\u0323" * 500_000)) is not None
