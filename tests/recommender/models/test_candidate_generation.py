"""What the first stage tells of its candidates is what its scorers say of the whole catalogue."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.contract.query import Profile
from recommender.models.bundle import Bundle
from recommender.models.histories import Histories
from recommender.models.hybrid_bundle import read_hybrid
from recommender.models.network.network import GAP_BUCKETS, Network

PROFILES = [Profile(), Profile(skin_type="dry", concerns=("acne", "redness")), Profile(skin_type="oily", age=30)]


@pytest.fixture(scope="module")
def generator(model):
    return replace(read_hybrid(Bundle.open(model))[0].generator, network=None)


@pytest.fixture
def histories(generator):
    days = [[100, 200, 300], [150], [10, 20]]
    return Histories.from_sequences([[0, 5, 9], [7], [3, 4]], days, product_count=generator.neighbours.table.width)


def found(generator, histories, allowed=None):
    everything = np.ones(histories.product_count, np.bool_)
    return generator.candidates(histories, PROFILES, allowed or [everything] * len(PROFILES))


def test_scores_of_candidates_are_the_whole_catalogues(generator, histories):
    candidates, found_by = found(generator, histories)
    features = generator.features(histories, PROFILES, candidates, found_by)
    for customer, (profile, products) in enumerate(zip(PROFILES, candidates.by_customer, strict=True)):
        mine = candidates.owners == customer
        np.testing.assert_array_equal(
            features["blend"][mine], generator.neighbours.scores(histories)[customer, products]
        )
        np.testing.assert_array_equal(features["group"][mine], generator.groups.scores(profile)[products])
        np.testing.assert_array_equal(
            features["concern"][mine], generator.concern_efficacy.match(profile.concerns)[products]
        )


def test_candidates_are_the_best_allowed_by_the_blend_then_by_the_group(generator, histories):
    allowed = [np.arange(histories.product_count) % 2 == customer % 2 for customer in range(len(PROFILES))]
    candidates, _ = found(generator, histories, allowed)
    blend = generator.neighbours.scores(histories)
    for customer, products in enumerate(candidates.by_customer):
        assert allowed[customer][products].all()
        assert len({*products.tolist()}) == len(products)
        linked = blend[customer, products] > 0
        assert (np.diff(linked.astype(int)) <= 0).all()
        assert (np.diff(blend[customer, products[linked]]) <= 0).all()
        assert (np.diff(generator.groups.scores(PROFILES[customer])[products[~linked]]) <= 0).all()


def random_network(generator, products):
    """A network that nobody fitted: any will do to see where its scores go."""
    rng = np.random.default_rng(0)
    settings = generator.settings.network.model_copy(update={"width": 8, "share": 0.6})
    shapes = {
        **dict.fromkeys(["query", "key", "value", "out"], (8, 8)),
        **dict.fromkeys(["norm1", "norm2", "norm3"], (2, 8)),
        **{"up": (8, 16), "up_bias": (16,), "down": (16, 8), "items": (products, 8), "bias": (products,)},
        **{"lag": (settings.heads, settings.length), "gap": (settings.heads, GAP_BUCKETS)},
    }
    return Network({name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}, settings)


def test_the_networks_best_allowed_join_the_blends(generator, histories):
    network = random_network(generator, histories.product_count)
    few = generator.settings.model_copy(update={"candidates": 8, "network": network.settings})
    joined = replace(generator, network=network, settings=few)
    allowed = [np.arange(histories.product_count) % 2 == customer % 2 for customer in range(len(PROFILES))]
    candidates, found_by = found(joined, histories, allowed)
    alone, _ = found(replace(generator, settings=few.model_copy(update={"candidates": 3})), histories, allowed)
    scores = network.scores(histories)
    np.testing.assert_array_equal(found_by["network"], scores[candidates.owners, candidates.products])
    for customer, (products, blended) in enumerate(zip(candidates.by_customer, alone.by_customer, strict=True)):
        best = [p for p in np.argsort(-scores[customer]).tolist() if allowed[customer][p]][:5]
        assert products.tolist() == [*blended.tolist(), *(p for p in best if p not in blended)]
    features = joined.features(histories, PROFILES, candidates, found_by)
    gaps = np.split(features["network_gap"], candidates.starts[1:-1])
    assert [float(part.max()) for part in gaps] == [0.0] * len(PROFILES)
