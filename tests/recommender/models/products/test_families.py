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


def test_without_variants_nothing_is_looked_up():
    owned = np.array([2, 0], np.int32)
    families = Families.from_numbers(np.arange(3, dtype=np.int32))
    assert families.alone
    assert families.with_variants(owned) is owned
