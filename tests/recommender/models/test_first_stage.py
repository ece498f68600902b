"""What the first stage tells of its candidates is what its scorers say of the whole catalogue."""

import numpy as np
import pytest

from recommender.bundle import Bundle
from recommender.models.histories import Histories
from recommender.models.hybrid_files import read_hybrid
from recommender.query import Profile

PROFILES = [Profile(), Profile(skin_type="dry", concerns=("acne", "redness")), Profile(skin_type="oily", age=30)]


@pytest.fixture(scope="module")
def first(model):
    return read_hybrid(Bundle.open(model))[0].first


@pytest.fixture
def histories(first):
    days = [[100, 200, 300], [150], [10, 20]]
    return Histories.of([[0, 5, 9], [7], [3, 4]], days, product_count=first.neighbours.table.width)


def found(first, histories, allowed=None):
    everything = np.ones(histories.product_count, np.bool_)
    return first.candidates(histories, PROFILES, allowed or [everything] * len(PROFILES))


def test_scores_of_candidates_are_the_whole_catalogues(first, histories):
    candidates, blend = found(first, histories)
    features = first.features(histories, PROFILES, candidates, blend)
    for customer, (profile, products) in enumerate(zip(PROFILES, candidates.by_customer, strict=True)):
        mine = candidates.owners == customer
        np.testing.assert_array_equal(features["blend"][mine], first.neighbours.scores(histories)[customer, products])
        np.testing.assert_array_equal(features["group"][mine], first.groups.scores(profile)[products])
        np.testing.assert_array_equal(features["concern"][mine], first.needs.match(profile.concerns)[products])


def test_candidates_are_the_best_allowed_by_the_blend_then_by_the_group(first, histories):
    allowed = [np.arange(histories.product_count) % 2 == customer % 2 for customer in range(len(PROFILES))]
    candidates, _ = found(first, histories, allowed)
    blend = first.neighbours.scores(histories)
    for customer, products in enumerate(candidates.by_customer):
        assert allowed[customer][products].all()
        assert len({*products.tolist()}) == len(products)
        linked = blend[customer, products] > 0
        assert (np.diff(linked.astype(int)) <= 0).all()
        assert (np.diff(blend[customer, products[linked]]) <= 0).all()
        assert (np.diff(first.groups.scores(PROFILES[customer])[products[~linked]]) <= 0).all()
