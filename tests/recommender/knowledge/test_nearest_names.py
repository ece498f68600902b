import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.knowledge.knowledge import Knowledge
from recommender.knowledge.nearest_names import NearestNames

NAMES = sorted({*Knowledge.load().ingredients, *Knowledge.load().families})
INDEX = NearestNames(NAMES)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("glycerine", ("glycerin",)), ("niacinamid", ("niacinamide",)), ("zyxolide", ()), ("", ()), ("x" * 1000, ())],
)
def test_the_nearest_name(text, nearest):
    assert INDEX.nearest(text, 0.87) == nearest


@given(st.sampled_from(NAMES), st.data())
def test_it_is_as_like_as_any_that_difflib_finds(name, data):
    at = data.draw(st.integers(0, len(name)))
    text = name[:at] + data.draw(st.text("abc é", max_size=2)) + name[at + data.draw(st.integers(0, 2)) :]
    expected = difflib.get_close_matches(text, NAMES, 1, 0.87)
    found = INDEX.nearest(text, 0.87)
    assert bool(found) == bool(expected)
    if found:
        assert likeness(text, *found) == likeness(text, *expected)


def likeness(text, name):
    return difflib.SequenceMatcher(None, name, text, autojunk=False).ratio()


def test_no_names_are_near_nothing():
    assert NearestNames([]).nearest("glycerin", 0.5) == ()
