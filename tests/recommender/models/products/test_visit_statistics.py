import numpy as np

from recommender.models.products.visit_statistics import VisitStatistics
from tests.support.small_histories import small_histories

# Two products on one day, then one of them again with nothing beside it; a customer without anything; one use.
HISTORIES = small_histories([0, 1, 0], [], [2], days=[[10, 10, 30], [], [30]], products=4)


def test_sizes_and_shares_are_means_shrunk_by_five_average_uses():
    found = VisitStatistics.fit(HISTORIES)
    # Of the four uses two were in a visit of two, three in a first visit: the means are 1.5, 0.5 and 0.75.
    np.testing.assert_allclose(found.size, [(3 + 7.5) / 7, (2 + 7.5) / 6, (1 + 7.5) / 6, 1.5], rtol=1e-6)
    np.testing.assert_allclose(found.shared, [(1 + 2.5) / 7, (1 + 2.5) / 6, 2.5 / 6, 0.5], rtol=1e-6)
    np.testing.assert_allclose(found.first, [(1 + 3.75) / 7, (1 + 3.75) / 6, (1 + 3.75) / 6, 0.75], rtol=1e-6)


def test_customers_who_come_on_the_same_day_do_not_share_a_visit():
    apart = VisitStatistics.fit(small_histories([0], [1], [2], days=[[10], [10], [10]], products=3))
    assert apart.size.tolist() == [1, 1, 1]
    assert apart.first.tolist() == [1, 1, 1]


def test_the_order_within_a_day_says_nothing():
    turned = small_histories([1, 0, 0], [], [2], days=[[10, 10, 30], [], [30]], products=4)
    for name, values in VisitStatistics.fit(HISTORIES).arrays().items():
        np.testing.assert_array_equal(getattr(VisitStatistics.fit(turned), name), values)


def test_without_dates_all_products_are_alike():
    found = VisitStatistics.fit(small_histories([0, 1, 2], [1]))
    assert all((values == 1).all() for values in found.arrays().values())


def test_what_is_kept_is_what_comes_back():
    found = VisitStatistics.fit(HISTORIES)
    again = VisitStatistics.from_parts(found.arrays())
    for name, values in found.arrays().items():
        np.testing.assert_array_equal(getattr(again, name), values)
