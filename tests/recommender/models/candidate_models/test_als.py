import numpy as np

from recommender.models.candidate_models.implicit_models import als
from tests.support.small_histories import small_histories

# Two kinds of customers who share no product, and a product that nobody uses.
HISTORIES = small_histories(*([[0, 1, 2]] * 6), *([[3, 4]] * 6), [0, 2], [3, 4], products=6)


def test_products_of_the_same_customers_are_alike():
    found = als(HISTORIES, neighbours=2, seed=0).toarray()
    assert found[0].argmax() in (1, 2)
    assert found[3].argmax() == 4
    assert found[3, 4] > 0.8
    assert not found.diagonal().any()
    assert not found[5].any()


def test_the_same_seed_gives_the_same_numbers():
    first, again = (als(HISTORIES, neighbours=3, seed=1) for _ in range(2))
    np.testing.assert_array_equal(first.toarray(), again.toarray())
