"""What single traits tell, from a few customers."""

import numpy as np
import pytest

from recommender.config.model import GroupSettings
from recommender.contract.query import Profile
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from recommender.models.candidate_models.customer_traits import CustomerTraits
from tests.support.small_histories import small_histories

PROFILES = [
    Profile(skin_type="dry", age=20),
    Profile(skin_type="dry", concerns=("acne",)),
    Profile(skin_type="oily", age=22, concerns=("acne", "acne")),
    Profile(region="north"),
]
HISTORIES = small_histories([0, 1], [0], [2], [2, 1], products=4)
NOTHING_SERVES = ConcernEfficacy(("acne",), np.zeros((4, 1), np.float32))
LAST_SERVES = ConcernEfficacy(("acne",), np.array([[0], [0], [0], [1]], np.float32))


def fitted(minimum=1, shrinkage=2.0, weight=0.5, concern_efficacy=NOTHING_SERVES):
    settings = GroupSettings(minimum=minimum, trait_shrinkage=shrinkage, concern_weight=weight)
    return CustomerTraits.fit(PROFILES, HISTORIES, concern_efficacy, settings)


OVERALL = np.array([2, 2, 2, 1]) / 7  # the last, which nobody bought, counts once
DRY = (np.array([2, 1, 0, 0]) + 2 * OVERALL) / 5
ACNE = (np.array([1, 0, 1, 0]) + 2 * OVERALL) / 4


def test_nothing_known_is_everybodys_shares():
    np.testing.assert_allclose(fitted().scores(Profile()), OVERALL, rtol=1e-6)
    np.testing.assert_allclose(fitted().scores(Profile(skin_type="sensitive")), OVERALL, rtol=1e-6)


def test_one_trait_gives_its_shrunk_shares():
    np.testing.assert_allclose(fitted().scores(Profile(skin_type="dry")), DRY, rtol=1e-5)


def test_traits_multiply_and_concerns_weigh_less():
    expected = DRY * np.sqrt(ACNE / OVERALL)
    asked = Profile(skin_type="dry", concerns=("acne", "loneliness"))
    np.testing.assert_allclose(fitted().scores(asked), expected, rtol=1e-5)


def test_any_trait_counts_alone():
    traits = fitted()
    assert traits.known(Profile(age=24)) == (("age", "18+"),)
    assert traits.known(Profile(region="north", age=70)) == (("region", "north"),)
    assert traits.known(Profile(concerns=("acne",))) == (("concern", "acne"),)
    for profile in (Profile(age=24), Profile(region="north"), Profile(concerns=("acne",))):
        assert not np.allclose(traits.scores(profile), OVERALL)


def test_traits_of_few_customers_are_left_out():
    assert fitted(minimum=2).traits == (("age", "18+"), ("concern", "acne"), ("skin type", "dry"))


@pytest.mark.parametrize("shrinkage", [1e9])
def test_much_shrinkage_leaves_everybodys_shares(shrinkage):
    np.testing.assert_allclose(fitted(shrinkage=shrinkage).scores(PROFILES[0]), OVERALL, rtol=1e-5)


def test_ingredients_speak_for_a_concern_of_which_purchases_say_little():
    acne = Profile(concerns=("acne",))
    served = np.array([2, 2, 2, 2]) / 8  # everybody's shares, the last one's doubled
    by_label = fitted(shrinkage=1e9, weight=1.0, concern_efficacy=LAST_SERVES).scores(acne)
    np.testing.assert_allclose(by_label, served, rtol=1e-5)
    by_both = fitted(weight=1.0, concern_efficacy=LAST_SERVES).scores(acne)
    np.testing.assert_allclose(by_both, (np.array([1, 0, 1, 0]) + 2 * served) / 4, rtol=1e-5)


def test_ingredients_say_nothing_of_other_traits():
    for profile in (Profile(skin_type="dry"), Profile(age=24)):
        np.testing.assert_array_equal(fitted(concern_efficacy=LAST_SERVES).scores(profile), fitted().scores(profile))


def test_a_product_that_nobody_bought_can_be_found():
    assert (fitted().scores(PROFILES[0]) > 0).all()


def test_without_profiles_there_are_no_traits():
    traits = CustomerTraits.fit([Profile()] * 4, HISTORIES, NOTHING_SERVES, GroupSettings())
    assert traits.traits == ()
    np.testing.assert_allclose(traits.scores(PROFILES[0]), OVERALL, rtol=1e-6)


def test_parts_make_the_same():
    traits = fitted()
    again = CustomerTraits.from_parts(traits.arrays(), traits=traits.traits, settings=traits.settings)
    assert again.traits == traits.traits
    for profile in PROFILES:
        np.testing.assert_array_equal(again.scores(profile), traits.scores(profile))
