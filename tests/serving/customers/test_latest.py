"""What was used last is kept, and no more than that."""

from hypothesis import given
from hypothesis import strategies as st

from serving.customers.latest import Latest


def test_what_was_neither_kept_nor_asked_for_longest_goes_first():
    latest = Latest[str, int](2)
    latest.keep("a", 1)
    latest.keep("b", 2)
    assert latest.get("a") == 1
    latest.keep("c", 3)
    assert [latest.get(key) for key in "abc"] == [1, None, 3]


def test_where_nothing_is_kept_nothing_is_found():
    latest = Latest[str, int](0)
    latest.keep("a", 1)
    assert latest.get("a") is None


@given(most=st.integers(0, 4), steps=st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=40))
def test_exactly_the_last_used_are_there(most, steps):
    latest, used = Latest[int, int](most), []
    for key, keeping in steps:
        if keeping:
            latest.keep(key, key + 1)
        if keeping or key in used[:most]:
            used = [key, *(other for other in used if other != key)]
        if not keeping:
            assert latest.get(key) == (key + 1 if key in used[:most] else None)
