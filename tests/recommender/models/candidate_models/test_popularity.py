import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.models.candidate_models.popularity import Popularity
from tests.support.small_histories import PRODUCTS, any_histories, small_histories

ASKED = st.lists(st.tuples(st.integers(0, PRODUCTS - 1), st.integers(-3, 20)), min_size=1, max_size=6)


def used(histories, product, first, last):
    """Uses of a product from the first to the last day, counted one by one."""
    entries = zip(histories.products.tolist(), histories.days.tolist(), strict=True)
    return sum(one == product and first <= day <= last for one, day in entries)


@given(any_histories(), ASKED)
def test_until_counts_each_use_up_to_and_with_the_day(histories, asked):
    popularity = Popularity.fit(histories)
    products, days = np.array(asked).T
    expected = [used(histories, product, 0, day) for product, day in asked]
    assert popularity.until(products, days).tolist() == expected


def test_a_catalogue_and_dates_too_many_for_short_keys():
    histories = small_histories([0, 1, 30_000], [1, 30_000], days=[[3, 99_999, 7], [5, 99_998]], products=50_000)
    popularity = Popularity.fit(histories)
    asked = np.array([0, 1, 1, 29_999, 30_000, 30_000]), np.array([3, 99_998, 99_999, 99_999, 6, 99_999])
    assert popularity.until(*asked).tolist() == [1, 1, 2, 0, 0, 2]


@given(any_histories(), ASKED, st.integers(1, 15))
def test_within_counts_the_window_that_ends_with_the_day(histories, asked, window):
    popularity = Popularity.fit(histories)
    products, days = np.array(asked).T
    expected = [used(histories, product, day - window + 1, day) for product, day in asked]
    assert popularity.within(products, days, window).tolist() == expected


def test_recent_counts_the_datas_last_days_and_all_uses_break_ties():
    histories = small_histories([0, 1, 2, 3], [1, 2], [2], days=[[1, 99, 99, 100], [2, 98], [1]], products=5)
    recent = Popularity.fit(histories).recent(window=3)
    assert np.argsort(-recent).tolist() == [2, 1, 3, 0, 4]
    assert recent[2] > 2
    assert recent[4] == 0


def test_without_dates_every_use_is_recent():
    recent = Popularity.fit(small_histories([0, 1], [1], products=3)).recent(window=30)
    assert np.floor(recent).tolist() == [1, 2, 0]


def test_parts_make_the_same():
    popularity = Popularity.fit(small_histories([0, 1], [1], days=[[3, 4], [2]]))
    again = Popularity.from_parts(popularity.arrays())
    assert again.recent(2).tolist() == popularity.recent(2).tolist()
