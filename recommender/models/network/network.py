"""The sequence network's answer, in numpy: one attention block over the last purchases.

After Kang and McAuley, "Self-Attentive Sequential Recommendation" (ICDM 2018), with learned biases for the lag and
for the time between purchases (Li, Wang and McAuley, "Time Interval Aware Self-Attention", WSDM 2020), and items that
are their own vector plus a projection of their text, so that products without purchases have a vector, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import NetworkSettings
from recommender.models.histories import Histories

Array = NDArray[np.float32]
GAP_BUCKETS: Final = 14
"""Gaps between purchases in days, by doubling: same day, 1, 2-3, 4-7, ... and over eleven years."""


@dataclass(frozen=True)
class Network:
    """A fitted network (``recommender.models.network.fitting`` says how).

    Attributes:
        weights: By name, as :func:`recommender.models.network.fitting.initial_weights` shapes them; instead of the
            items' own and text weights the finished "items", float32[products, width].
        settings: Heads and length.
    """

    weights: Mapping[str, Array]
    settings: NetworkSettings

    def scores(self, histories: Histories) -> Array:
        """Log-probability of each product to be the next, float32[customers, products]; every customer has history."""
        logits = self.states(histories) @ self.weights["items"].T + self.weights["bias"]
        highest = logits.max(axis=1, keepdims=True)
        logits -= highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
        return logits

    def states(self, histories: Histories) -> Array:
        """The state vector of each history, float32[customers, width]."""
        weights = self.weights
        products, days, there = padded(histories, self.settings.length)
        items = weights["items"][products]
        size, length, width = items.shape
        heads = self.settings.heads
        normed = _layer_norm(items, weights["norm1"])
        query = (normed[:, -1] @ weights["query"]).reshape(size, heads, 1, -1)
        # Neither keys nor values are made: the query, and one sum of items a head, pass through their matrices instead.
        asked = (query @ self._by_head("key").transpose(0, 2, 1))[:, :, 0]
        logits = asked @ normed.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        logits += weights["lag"][None, :, length - 1 :: -1]
        logits += weights["gap"][:, gap_buckets(days[:, -1:] - days)].transpose(1, 0, 2)
        logits = np.where(there[:, None, :], logits, np.float32(-np.inf))
        raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
        attention = raised / raised.sum(axis=-1, keepdims=True)
        mixed = np.matmul(np.matmul(attention, normed)[:, :, None], self._by_head("value")).reshape(size, width)
        state = items[:, -1] + mixed @ weights["out"]
        hidden = np.maximum(_layer_norm(state, weights["norm2"]) @ weights["up"] + weights["up_bias"], 0)
        return _layer_norm(state + hidden @ weights["down"], weights["norm3"])

    def _by_head(self, name: str) -> Array:
        """A square matrix as the heads use it, float32[heads, width, width / heads]."""
        weights, heads = self.weights[name], self.settings.heads
        return weights.reshape(len(weights), heads, -1).transpose(1, 0, 2)


def padded(histories: Histories, length: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Products, days and whether there is an entry, [customers, at most length] each, the last entry last."""
    recent = histories.recent(length)
    if len(recent) == 1:
        return recent.products[None], recent.days[None], np.ones((1, len(recent.products)), np.bool_)
    width = int(recent.lengths.max(initial=1))
    column = width - 1 - recent.steps_back
    products, days = np.zeros((2, len(recent), width), np.int32)
    there = np.zeros((len(recent), width), np.bool_)
    products[recent.owners, column] = recent.products
    days[recent.owners, column] = recent.days
    there[recent.owners, column] = True
    return products, days, there


def gap_buckets(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """The bucket of each gap: 0 for the same day, then one more for each doubling."""
    return np.minimum(np.ceil(np.log2(np.maximum(days, 0) + 1)), GAP_BUCKETS - 1).astype(np.int32)


def _layer_norm(x: Array, scale_and_shift: Array) -> Array:
    size = np.float32(x.shape[-1])  # sums, as numpy's mean takes several times as long for so few numbers
    centred = x - x.sum(axis=-1, keepdims=True) / size
    spread = np.sqrt((centred * centred).sum(axis=-1, keepdims=True) / size + np.float32(1e-6))
    return centred / spread * scale_and_shift[0] + scale_and_shift[1]
