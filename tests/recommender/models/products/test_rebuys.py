"""What is bought again, and when, from purchases written by hand."""

import numpy as np
import pytest

from recommender.models.products.rebuys import Rebuys

EVERYDAY, YEARLY, NEVER, ALONE = range(4)
CATEGORIES = np.array([0, 0, 1, -1])


def fitted(*purchases, categories=CATEGORIES):
    """From (customer, product, day) rows."""
    rows = np.array(purchases, np.int64).reshape(-1, 3)
    return Rebuys.fit(rows[:, 0], rows[:, 1], rows[:, 2], categories)


def often(product, customers, gap, times=3):
    """Each of ``customers`` buys the product every ``gap`` days."""
    return [(customer, product, 1000 + gap * number) for customer in customers for number in range(times)]


def test_customers_who_bought_on_several_days_count_once_each():
    rebuys = fitted((0, EVERYDAY, 10), (0, EVERYDAY, 40), (0, EVERYDAY, 70), (1, EVERYDAY, 5), (1, EVERYDAY, 5))
    assert rebuys.again.tolist() == [1, 0, 0, 0]
    assert rebuys.last_day == 70


def test_shares_are_shrunk_to_the_category_and_that_to_everything():
    rebuys = fitted(
        *often(EVERYDAY, range(6), 30), *often(YEARLY, range(4), 300, times=1), (9, NEVER, 1), (8, ALONE, 2)
    )
    everything = 6 / 12
    category = (6 + 20 * everything) / (10 + 20)
    other = (0 + 20 * everything) / (1 + 20)
    expected = [
        (6 + 20 * category) / 26,
        (0 + 20 * category) / 24,
        (0 + 20 * other) / 21,
        (0 + 20 * everything) / 21,
    ]
    np.testing.assert_allclose(rebuys.share, expected, rtol=1e-6)


def test_gaps_are_medians_shrunk_in_logarithms():
    purchases = [*often(EVERYDAY, range(10), 30), *often(YEARLY, range(10), 300, times=2)]
    everything = np.log(30)  # 20 gaps of 30 days, 10 of 300
    category = (30 * np.log(30) + 20 * everything) / 50
    yearly = (10 * np.log(300) + 20 * category) / 30
    np.testing.assert_allclose(fitted(*purchases).gap, np.exp([np.log(30), yearly, everything, everything]), rtol=1e-5)


@pytest.mark.parametrize(("gaps", "median"), [((10,), 10), ((10, 40), 20), ((5, 10, 1000), 10)])
def test_the_median_of_few_gaps(gaps, median):
    purchases = [(number, EVERYDAY, 100 + day) for number, gap in enumerate(gaps) for day in (0, gap)]
    np.testing.assert_allclose(fitted(*purchases).gap[EVERYDAY], median, rtol=1e-5)


def test_with_much_evidence_a_product_speaks_for_itself():
    rebuys = fitted(*often(EVERYDAY, range(2000), 60, times=2), *often(NEVER, range(2000), 1, times=1))
    assert rebuys.share[EVERYDAY] > 0.98
    assert rebuys.share[NEVER] < 0.02


@pytest.mark.parametrize("purchases", [[], [(0, EVERYDAY, 5), (1, YEARLY, 9)]])
def test_where_nothing_is_bought_again_there_are_no_gaps(purchases):
    rebuys = fitted(*purchases)
    assert np.isnan(rebuys.gap).all()
    assert not rebuys.again.any()
    assert not (rebuys.share > 0).any()


def test_the_order_of_rows_means_nothing():
    purchases = [*often(EVERYDAY, range(5), 30), *often(YEARLY, range(7), 200), (3, ALONE, 4)]
    one, other = fitted(*purchases), fitted(*purchases[::-1])
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, other.arrays()[name])


def test_parts_make_the_same():
    rebuys = fitted(*often(EVERYDAY, range(5), 30))
    again = Rebuys.from_parts(rebuys.arrays())
    assert again.last_day == rebuys.last_day == 1060
    np.testing.assert_array_equal(again.gap, rebuys.gap)
