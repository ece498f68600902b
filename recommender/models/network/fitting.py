"""Fitting the sequence network with JAX: every next purchase predicted by a sampled softmax."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from infrastructure.machine import one_thread_for_xla
from infrastructure.progress import steps
from recommender.config.model import NetworkSettings
from recommender.models.histories import Histories
from recommender.models.network.network import GAP_BUCKETS, Network, gap_buckets, padded

# Sums come in one order, so the same data gives the same bytes; several fits run side by side.
one_thread_for_xla()

Weights: TypeAlias = dict[str, Any]
Batch: TypeAlias = dict[str, Any]

_LENGTHS: Final = (5, 12)  # customers of like length share a batch: one compiled step for each, little padding
_INITIAL: Final = 0.05
_WARM_UP: Final = 0.05  # share of the steps in which the learning rate rises


def fit_networks(
    chain: Iterable[Histories], texts: NDArray[np.float32], settings: NetworkSettings, seed: int
) -> Iterator[Network]:
    """Fit on all next purchases of the first histories, go on from there on the next ones, and so on.

    The same input gives the same networks.

    Args:
        chain: Sequences to learn from; each has all that is in those before it, or a network would know what is
            hidden from it.
        texts: float32[products, text width]; what is known of products that nobody has bought.
        settings: Sizes and rates.
        seed: Of initial weights, order, negatives and dropout.
    """
    weights: Weights | None = None
    for histories in chain:
        weights = _fitted(histories, texts, settings, seed, weights)
        yield _finished(weights, texts, settings)


def _fitted(
    histories: Histories, texts: NDArray[np.float32], settings: NetworkSettings, seed: int, known: Weights | None
) -> Weights:
    """Weights that start from what is known already, or at random."""
    rng = np.random.default_rng(seed)
    weights = known or initial_weights(histories.product_count, texts.shape[1], settings, rng)
    epochs = settings.further_epochs if known else settings.epochs
    optimiser = _optimiser(settings)
    state, key, fixed = optimiser.init(weights), jax.random.key(seed), jnp.asarray(texts)
    total = epochs * len(_groups(histories, settings, np.random.default_rng(0)))
    with steps("fitting a network", total, "batches") as progress:
        for _ in range(epochs):
            for batch in _batches(histories, settings, rng):
                key, drawn = jax.random.split(key)
                rate = np.float32(settings.learning_rate * _schedule(progress.done / total))
                weights, state = _step(weights, state, batch, fixed, drawn, rate, settings)
                progress.advance()
    return weights


def initial_weights(products: int, text_width: int, settings: NetworkSettings, rng: np.random.Generator) -> Weights:
    """Small random matrices, norms that change nothing, biases of zero."""
    width, heads = settings.width, settings.heads

    def random(*shape: int, scale: float = 1.0) -> Any:
        return jnp.asarray(rng.normal(0, _INITIAL * scale, shape), jnp.float32)

    norm = jnp.stack([jnp.ones(width), jnp.zeros(width)])
    return {
        "own": random(products, width, scale=0.2),
        "text": random(text_width, width, scale=4),
        "bias": jnp.zeros(products),
        "query": random(width, width),
        "key": random(width, width),
        "value": random(width, width),
        "out": random(width, width),
        "up": random(width, 2 * width),
        "up_bias": jnp.zeros(2 * width),
        "down": random(2 * width, width),
        "norm1": norm,
        "norm2": norm,
        "norm3": norm,
        "lag": jnp.zeros((heads, settings.length)),
        "gap": jnp.zeros((heads, GAP_BUCKETS)),
    }


def _schedule(done: float) -> float:
    """Share of the learning rate after that share of the steps: a short rise, then half a cosine to zero."""
    if done < _WARM_UP:
        return done / _WARM_UP
    return 0.5 * (1 + float(np.cos(np.pi * (done - _WARM_UP) / (1 - _WARM_UP))))


def _groups(
    histories: Histories, settings: NetworkSettings, rng: np.random.Generator
) -> list[tuple[int, int, NDArray[np.int64]]]:
    """Customers of like length in random order: (length, most customers, customers) of each batch.

    A customer with one product has nothing to predict.
    """
    lengths = np.minimum(histories.lengths - 1, settings.length)
    groups: list[tuple[int, int, NDArray[np.int64]]] = []
    lower = 0
    for limit in [*(length for length in _LENGTHS if length < settings.length), settings.length]:
        members = rng.permutation(np.flatnonzero((lengths > lower) & (lengths <= limit)))
        # A step costs what its positions cost: short histories come in larger batches.
        size = max(settings.batch, settings.batch * settings.length // (2 * limit))
        groups += [(limit, size, members[start : start + size]) for start in range(0, len(members), size)]
        lower = limit
    return groups


def _batches(histories: Histories, settings: NetworkSettings, rng: np.random.Generator) -> Iterator[Batch]:
    groups = _groups(histories, settings, rng)
    for i in rng.permutation(len(groups)):
        limit, size, members = groups[i]
        yield _batch(histories.select(members), limit, size, settings, rng)


def _batch(histories: Histories, limit: int, size: int, settings: NetworkSettings, rng: np.random.Generator) -> Batch:
    """Products, gaps and shared negatives, padded to [size, limit + 1] so that every step is compiled once."""
    products, days, there = padded(histories, limit + 1)
    pad = ((0, size - len(products)), (limit + 1 - products.shape[1], 0))
    products, days, there = np.pad(products, pad), np.pad(days, pad), np.pad(there, pad)
    count = min(settings.negatives, histories.product_count)
    return {
        "products": products,
        "there": there[:, :-1],
        "gaps": gap_buckets(days[:, :-1, None] - days[:, None, :-1]),
        "negatives": rng.choice(histories.product_count, count, replace=False).astype(np.int32),
    }


def _optimiser(settings: NetworkSettings) -> optax.GradientTransformation:
    return optax.chain(optax.scale_by_adam(), optax.add_decayed_weights(settings.weight_decay))


@partial(jax.jit, static_argnames="settings")  # compiled once for all fits of the same shapes
def _step(
    weights: Weights, state: Any, batch: Batch, texts: Any, key: Any, rate: Any, settings: NetworkSettings
) -> tuple[Weights, Any]:
    gradients = jax.grad(_loss)(weights, batch, texts, key, settings)
    updates, state = _optimiser(settings).update(gradients, state, weights)
    return {name: weight - rate * updates[name] for name, weight in weights.items()}, state


def _loss(weights: Weights, batch: Batch, texts: Any, key: Any, settings: NetworkSettings) -> Any:
    """Mean cross-entropy of each next purchase against the shared negatives (less where they are the same)."""
    products, negatives = batch["products"], batch["negatives"]
    items, targets = _items(weights, texts, products), products[:, 1:]
    states = states_while_fitting(weights, items[:, :-1], batch, key, settings)
    positive = (states * items[:, 1:]).sum(-1) + weights["bias"][targets]
    against = states @ _items(weights, texts, negatives).T + weights["bias"][negatives]
    against = jnp.where(negatives == targets[..., None], -jnp.inf, against)
    entropy = jnp.logaddexp(positive, jax.nn.logsumexp(against, axis=-1)) - positive
    return (entropy * batch["there"]).sum() / batch["there"].sum()


def states_while_fitting(weights: Weights, items: Any, batch: Batch, key: Any, settings: NetworkSettings) -> Any:
    """The block at every position, [customers, length, width]; :meth:`Network.states` is the same for the last one.

    Args:
        weights: As :func:`initial_weights` shapes them.
        items: Vectors of the products at each position, [customers, length, width].
        batch: "there", bool[customers, length]; "gaps", buckets [customers, length, length].
        key: JAX's random key of the dropout.
        settings: Heads and dropout.
    """
    keys = jax.random.split(key, 3)
    x = _dropped(items, keys[0], settings.dropout)
    size, length, width = x.shape
    normed = _layer_norm(x, weights["norm1"])
    query, key_, value = (
        (normed @ weights[name]).reshape(size, length, settings.heads, -1) for name in ("query", "key", "value")
    )
    logits = jnp.einsum("bqhd,bkhd->bhqk", query, key_) / np.sqrt(width // settings.heads)
    lags = np.arange(length)[:, None] - np.arange(length)[None, :]
    logits += weights["lag"][:, np.maximum(lags, 0)][None]
    logits += jnp.moveaxis(weights["gap"][:, batch["gaps"]], 0, 1)
    # A position that is not there sees itself, so that no row of the softmax is empty.
    visible = (lags >= 0) & (batch["there"][:, None, None, :] | (lags == 0))
    attention = jax.nn.softmax(jnp.where(visible, logits, -jnp.inf), axis=-1)
    mixed = jnp.einsum("bhqk,bkhd->bqhd", attention, value).reshape(size, length, width)
    state = x + _dropped(mixed @ weights["out"], keys[1], settings.dropout)
    hidden = jax.nn.relu(_layer_norm(state, weights["norm2"]) @ weights["up"] + weights["up_bias"])
    return _layer_norm(state + _dropped(hidden @ weights["down"], keys[2], settings.dropout), weights["norm3"])


def _items(weights: Weights, texts: Any, products: Any) -> Any:
    """Own vector plus the projected text vector of each product."""
    return weights["own"][products] + texts[products] @ weights["text"]


def _dropped(x: Any, key: Any, share: float) -> Any:
    return x * jax.random.bernoulli(key, 1 - share, x.shape) / (1 - share)


def _layer_norm(x: Any, scale_and_shift: Any) -> Any:
    centred = x - x.mean(-1, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-6) * scale_and_shift[0] + scale_and_shift[1]


def _finished(weights: Weights, texts: NDArray[np.float32], settings: NetworkSettings) -> Network:
    """The weights as numpy arrays, own and text vectors joined."""
    arrays = {name: np.asarray(value, np.float32) for name, value in weights.items() if name not in ("own", "text")}
    arrays["items"] = np.asarray(weights["own"]) + texts @ np.asarray(weights["text"])
    return Network(arrays, settings)
