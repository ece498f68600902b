import numpy as np
import pytest

from recommender.config.model import GroupSettings
from recommender.contract.query import Profile
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.candidate_models.group_ratings import GroupRatings
from recommender.models.histories import Histories

DRY, OILY, NOBODY = Profile(skin_type="dry"), Profile(skin_type="oily"), Profile()


@pytest.fixture
def fitted():
    """Of product a: dry 5, 5; oily 1; of b: 3 by someone unknown."""
    profiles = [DRY, DRY, OILY, NOBODY]
    histories = Histories.from_sequences([[0], [0], [0], [1]], [[0]] * 4, product_count=2)
    groups = CustomerGroups.fit(profiles, histories, GroupSettings(minimum=1))
    return GroupRatings.fit([*"aaab"], profiles, [5.0, 5.0, 1.0, 3.0], groups, shrinkage=2.0)


def test_each_mean_is_shrunk_to_the_coarser_one(fitted):
    overall = (5 + 5 + 1 + 3) / 4
    product = (11 + 2 * overall) / (3 + 2)
    assert fitted.overall == overall
    assert fitted.expected("a", NOBODY) == pytest.approx(product)
    assert fitted.expected("a", DRY) == pytest.approx((10 + 2 * product) / (2 + 2))
    assert fitted.expected("a", OILY) == pytest.approx((1 + 2 * product) / (1 + 2))


def test_what_a_group_or_nobody_rated_takes_the_coarser_mean(fitted):
    assert fitted.expected("b", DRY) == fitted.by_product["b"]
    assert fitted.expected("never rated", DRY) == fitted.overall
    assert np.isfinite(fitted.expected("never rated", NOBODY))
