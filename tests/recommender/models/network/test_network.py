"""The sequence network: what JAX fits is what numpy answers, and it learns what follows what."""

import jax
import numpy as np
import pytest

from recommender.config.model import NetworkSettings
from recommender.models.histories import Histories
from recommender.models.network.fitting import fit_networks, initial_weights, states_while_fitting
from recommender.models.network.network import Network, gap_buckets, padded

SETTINGS = NetworkSettings(width=16, heads=2, length=5, epochs=30, batch=16, negatives=20, learning_rate=0.02)
BOUGHT, PRODUCTS = 20, 21
"""The last product is never bought, and its text is the first one's."""
TEXTS = np.random.default_rng(1).normal(size=(BOUGHT, 8)).astype(np.float32)[[*range(BOUGHT), 0]]


def chains(customers, seed=0):
    """Each customer walks up the bought products by one, from anywhere."""
    rng = np.random.default_rng(seed)
    starts, lengths = rng.integers(0, BOUGHT, customers), rng.integers(2, 9, customers)
    walks = [[(first + step) % BOUGHT for step in range(n)] for first, n in zip(starts, lengths, strict=True)]
    return Histories.from_sequences(walks, [[10 * step for step in range(len(walk))] for walk in walks], PRODUCTS)


@pytest.fixture(scope="module")
def network():
    return fitted(chains(400))


def fitted(*chain, settings=SETTINGS, seed=3):
    """The network of the last histories."""
    return [*fit_networks(chain, TEXTS, settings, seed)][-1]


def right(network):
    """Share of customers whose next product is the likeliest."""
    asked = chains(100, seed=9).without_last()
    expected = (asked.products[asked.starts[1:] - 1] + 1) % BOUGHT
    return (network.scores(asked).argmax(axis=1) == expected).mean()


def test_it_learns_what_follows(network):
    assert right(network) > 0.9


def test_it_goes_on_from_what_it_knew_without_the_last_purchases():
    whole, once = chains(400), SETTINGS.model_copy(update={"further_epochs": 1})
    assert right(fitted(whole.without_last(), whole, settings=once)) > 0.9
    assert right(fitted(whole, settings=once.model_copy(update={"epochs": 1}))) < 0.8


def test_scores_are_log_probabilities(network):
    np.testing.assert_allclose(np.exp(network.scores(chains(5))).sum(axis=1), 1, rtol=1e-5)


def test_the_same_data_and_seed_give_the_same_bytes_and_another_seed_does_not(network):
    again, other = (fitted(chains(400), seed=seed) for seed in (3, 4))
    assert {name: array.tobytes() for name, array in again.weights.items()} == {
        name: array.tobytes() for name, array in network.weights.items()
    }
    assert not np.array_equal(other.weights["items"], network.weights["items"])


def test_a_customers_scores_do_not_depend_on_who_else_is_asked(network):
    together = network.scores(chains(30))
    for customer in (0, 7, 29):
        alone = network.scores(chains(30).select(np.array([customer])))
        np.testing.assert_allclose(alone[0], together[customer], atol=1e-5)


def test_only_the_last_purchases_count(network):
    walk = [0, 5, 1, 2, 3, 4, 6, 7]
    long = Histories.from_sequences([walk], [list(range(len(walk)))], PRODUCTS)
    short = Histories.from_sequences([walk[2:]], [list(range(2, len(walk)))], PRODUCTS)
    np.testing.assert_array_equal(network.scores(long), network.scores(short))


def test_numpy_answers_as_jax_fits():
    settings = SETTINGS.model_copy(update={"dropout": 0.0})
    rng = np.random.default_rng(5)
    weights = initial_weights(PRODUCTS, TEXTS.shape[1], settings, rng)
    weights |= {name: rng.normal(size=weights[name].shape).astype(np.float32) for name in ("lag", "gap", "up_bias")}
    vectors = np.asarray(weights["own"]) + TEXTS @ np.asarray(weights["text"])
    histories = chains(12).recent(settings.length)
    products, days, there = padded(histories, settings.length)
    batch = {"there": there, "gaps": gap_buckets(days[:, :, None] - days[:, None, :])}
    fitted = states_while_fitting(weights, vectors[products], batch, jax.random.key(0), settings)
    answering = Network({**{n: np.asarray(w) for n, w in weights.items()}, "items": vectors}, settings)
    np.testing.assert_allclose(answering.states(histories), np.asarray(fitted)[:, -1], atol=1e-4)


def test_gaps_are_told_apart_by_doubling():
    days = np.array([0, 1, 2, 3, 4, 7, 8, 10_000_000], np.int32)
    assert gap_buckets(days).tolist() == [0, 1, 2, 2, 3, 3, 4, 13]


def test_a_product_that_nobody_bought_is_near_those_of_the_same_text(network):
    before_first = Histories.from_sequences([[BOUGHT - 2, BOUGHT - 1]], [[0, 10]], PRODUCTS)
    order = np.argsort(-network.scores(before_first)[0]).tolist()
    assert order[0] == 0
    assert order.index(PRODUCTS - 1) < 6
