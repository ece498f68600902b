import numpy as np
import pytest

from recommender.config.model import GroupSettings
from recommender.contract.query import Profile
from recommender.models.candidate_models.customer_groups import CustomerGroups, age_band
from tests.support.small_histories import small_histories

DRY_YOUNG = Profile(skin_type="dry", age=20, region="north")
DRY_OLD = Profile(skin_type="dry", age=70, region="north")
OILY = Profile(skin_type="oily")
NOBODY = Profile()
PROFILES = [DRY_YOUNG, DRY_YOUNG, DRY_OLD, OILY, NOBODY]
HISTORIES = small_histories([0, 1], [0], [1], [2], [2, 1], products=4)


def fitted(minimum=1, shrinkage=2.0):
    return CustomerGroups.fit(PROFILES, HISTORIES, GroupSettings(minimum=minimum, shrinkage=shrinkage))


def test_everyone_is_the_plain_share():
    np.testing.assert_allclose(fitted().scores(NOBODY), [2 / 7, 3 / 7, 2 / 7, 0], rtol=1e-6)


def test_a_group_is_shrunk_towards_the_next_coarser_one():
    groups = fitted()
    everyone = np.array([2, 3, 2, 0]) / 7
    dry = (np.array([2, 2, 0, 0]) + 2 * everyone) / 6
    dry_young = (np.array([2, 1, 0, 0]) + 2 * dry) / 5
    dry_young_north = (np.array([2, 1, 0, 0]) + 2 * dry_young) / 5
    np.testing.assert_allclose(groups.scores(Profile(skin_type="dry")), dry, rtol=1e-6)
    np.testing.assert_allclose(groups.scores(Profile(skin_type="dry", age=24)), dry_young, rtol=1e-6)
    np.testing.assert_allclose(groups.scores(DRY_YOUNG), dry_young_north, rtol=1e-6)


def test_shares_of_every_group_add_up_to_one():
    np.testing.assert_allclose(fitted().shares.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        (NOBODY, ()),
        (Profile(skin_type="sensitive"), ()),
        (Profile(age=20, region="north"), ()),  # groups begin with the skin type
        (Profile(skin_type="dry", region="north"), ("dry",)),
        (Profile(skin_type="dry", age=19, region="south"), ("dry", "18+")),
        (DRY_OLD, ("dry", "65+", "north")),
    ],
)
def test_the_finest_group_there_is(profile, key):
    assert fitted().key(profile) == key


def test_a_small_group_is_left_to_the_coarser_one():
    groups = fitted(minimum=2)
    assert groups.key(DRY_OLD) == ("dry",)
    assert groups.key(OILY) == ()
    assert groups.key(DRY_YOUNG) == ("dry", "18+", "north")


def test_parts_make_the_same():
    groups = fitted()
    again = CustomerGroups.from_parts(groups.arrays(), keys=groups.keys, settings=groups.settings)
    for profile in PROFILES:
        assert again.key(profile) == groups.key(profile)
        np.testing.assert_array_equal(again.scores(profile), groups.scores(profile))


@pytest.mark.parametrize(
    ("age", "band"), [(None, ""), (3, "under 18"), (17, "under 18"), (18, "18+"), (24, "18+"), (25, "25+"), (99, "25+")]
)
def test_age_bands_begin_at_their_lower_bound(age, band):
    assert age_band(age, (18, 25)) == band
