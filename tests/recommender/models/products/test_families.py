import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.models.products.families import Families


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.data())
def test_who_has_one_has_all_its_variants(family, data):
    numbers = np.array(family, np.int32)
    owned = np.array(data.draw(st.lists(st.integers(0, len(family) - 1), max_size=5)), np.int64)
    found = Families.from_numbers(numbers).with_variants(owned)
    assert {*found.tolist()} == {place for place in range(len(family)) if numbers[place] in {*numbers[owned].tolist()}}


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 7)), max_size=12)


@given(st.lists(st.integers(0, 4), min_size=8, max_size=8), PAIRS)
def test_what_each_owner_has_in_any_variant(family, pairs):
    families = Families.from_numbers(np.array(family, np.int32))
    owners, products = np.array(pairs, np.int64).reshape(-1, 2).T
    expected = {(who, place) for who, what in pairs for place in range(8) if family[place] == family[what]}
    who, found = families.owned_variants(owners, products)
    assert {*zip(who.tolist(), found.tolist(), strict=True)} == expected
    assert families.alone or len(found) == len(expected)
    scores = np.arange(8, dtype=np.float32)[None]
    best = families.best(scores)[0]
    assert [best[families.codes[place]] for place in range(8)] == [
        max(other for other in range(8) if family[other] == family[place]) for place in range(8)
    ]


def test_who_has_many_of_a_family_of_thousands_does_not_have_millions():
    families = Families.from_numbers(np.array([0] * 5000 + [1], np.int32))
    assert len(families.with_variants(np.arange(2000))) == 5000
    owners, products = np.repeat(np.arange(3), 4000), np.tile(np.arange(4000), 3)
    assert len(families.owned_variants(owners, products)[1]) == 15_000


def test_without_variants_nothing_is_looked_up():
    owned = np.array([2, 0], np.int32)
    families = Families.from_numbers(np.arange(3, dtype=np.int32))
    assert families.alone
    assert families.with_variants(owned) is owned
