import numpy as np
import pytest

from recommender.knowledge.knowledge import Knowledge
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from tests.support.small_catalogue import small_catalogue

KNOWLEDGE = Knowledge.load()
NIACINAMIDE = "niacinamide"
CONCERN = KNOWLEDGE.concerns_of(NIACINAMIDE)[0]


@pytest.fixture(scope="module")
def needs():
    return ConcernEfficacy.fit(
        small_catalogue(
            {"ingredients": ["Niacinamide", "Aqua"]},
            {"ingredients": ["Aqua", "Niacinamide"]},
            {"ingredients": ["Aqua"]},
            {"ingredients": None},
        ),
        KNOWLEDGE,
    )


def test_an_ingredient_counts_less_the_further_down_the_label_it_stands(needs):
    assert not KNOWLEDGE.concerns_of("aqua")
    np.testing.assert_allclose(needs.match((CONCERN,)), [1, 1 / 1.1, 0, 0], rtol=1e-6)


def test_unknown_concerns_match_nothing_and_do_not_dilute_known_ones(needs):
    assert not needs.match(()).any()
    assert not needs.match(("loneliness",)).any()
    np.testing.assert_array_equal(needs.match((CONCERN, "loneliness")), needs.match((CONCERN,)))


def test_several_concerns_are_averaged(needs):
    others = [concern for concern in needs.concerns if not needs.match((concern,)).any()]
    both = (CONCERN, others[0]) if others else (CONCERN, CONCERN)
    expected = np.mean([needs.match((concern,)) for concern in both], axis=0)
    np.testing.assert_allclose(needs.match(both), expected)


def test_efficacy_is_at_most_one():
    serving = [name for name in KNOWLEDGE.ingredients if CONCERN in KNOWLEDGE.concerns_of(name)]
    assert len(serving) > 1
    needs = ConcernEfficacy.fit(small_catalogue({"ingredients": serving}), KNOWLEDGE)
    assert needs.match((CONCERN,)).tolist() == [1]


def test_parts_make_the_same(needs):
    again = ConcernEfficacy.from_parts(needs.arrays(), concerns=needs.concerns)
    np.testing.assert_array_equal(again.match((CONCERN,)), needs.match((CONCERN,)))
