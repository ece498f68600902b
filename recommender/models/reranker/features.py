"""The re-ranker's features of each candidate: one definition, in training and in every answer.

Which customers are described together changes nothing, to the last bit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.models.candidate_batch import CandidateBatch
from recommender.models.candidate_models.neighbours import Neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.candidates import Candidates
from recommender.models.histories import Histories
from recommender.models.products.attributes import Attribute
from recommender.models.products.visit_statistics import VisitStatistics
from recommender.models.reranker.attribute_features import AttributeTable, attribute_features
from recommender.models.reranker.customer_features import WINDOWS, ProductFacts, customer_features, popularity_features
from recommender.models.reranker.score_features import SCORE_PARTS, interleaved, ranks_within_customers, score_features
from recommender.models.reranker.similarity_features import similarity_features, vector_similarity_features

Column = NDArray[np.float32]
Block = NDArray[np.float32]


@dataclass(frozen=True)
class Features:
    """What is known of candidates.

    Attributes:
        names: Of the features.
        block: float32[features, candidates]; NaN where not known.
    """

    names: tuple[str, ...]
    block: Block

    def __getitem__(self, name: str) -> Column:
        return self.block[self.names.index(name)]

    def with_scores(self, name: str, scores: Column) -> "Features":
        """The same candidates, all one customer's, with other scores, float32[candidates], by one of their scorers."""
        first = self.names.index(name)
        block = self.block.copy()
        starts = np.array([0, len(scores)])
        block[first : first + len(SCORE_PARTS)] = score_features(
            scores[None], ranks_within_customers(scores[None], starts), starts
        )
        return Features(self.names, block)

    def select(self, candidates: NDArray[np.integer] | slice) -> "Features":
        """Only these candidates, by their places."""
        return Features(self.names, self.block[:, candidates])

    def rows(self, names: tuple[str, ...]) -> Block:
        """The features of these names, in their order: float32[names, candidates]."""
        return self.block[_places(self.names, names)]


@lru_cache
def _places(names: tuple[str, ...], wanted: tuple[str, ...]) -> NDArray[np.int64]:
    """The position of each wanted name; read only, as it is cached."""
    place = {name: i for i, name in enumerate(names)}
    found = np.array([place[name] for name in wanted], np.int64)
    found.flags.writeable = False
    return found


@dataclass(frozen=True)
class Sources:
    """The fitted parts that features are made from.

    Attributes:
        neighbours: Of each product, by item-to-item model.
        popularity: Of each product over time.
        visits: That each product is bought in.
        attributes: Of each product, by name.
        price: float32[products].
        vectors: float32[products, width] of the network, by which products are near to each other; None without one.
    """

    neighbours: Neighbours
    popularity: Popularity
    visits: VisitStatistics
    attributes: Mapping[str, Attribute]
    price: Column
    vectors: Block | None = None

    @cached_property
    def lengths(self) -> Column:
        """Of each product's vector, float32[products, 1]; a tiny one where nothing is known, to divide by."""
        vectors = np.empty((0, 1), np.float32) if self.vectors is None else self.vectors
        return np.maximum(np.sqrt((vectors * vectors).sum(axis=1, keepdims=True)), np.float32(1e-9))

    @cached_property
    def values(self) -> AttributeTable:
        """All attributes' values."""
        return AttributeTable.from_attributes([*self.attributes.values()], len(self.price))

    @cached_property
    def products(self) -> ProductFacts:
        """What is known of each product alone."""
        return ProductFacts(self.price, self.popularity, self.visits)

    def names(self, scores: Mapping[str, Column]) -> tuple[str, ...]:
        """All features, in the order of their rows."""
        return *(f"{name}{part}" for name in scores for part in SCORE_PARTS), *self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return (
            *(f"{name}_{part}" for name in self.neighbours.families for part in ("sum", "max", "last", "day", "rank")),
            "linked",
            *(("near_max", "near_last", "near_mean") if self.vectors is not None else ()),
            *("uses", "uses_before", *(f"uses_{window}" for window in WINDOWS), "trend", "trend_year", "age_days"),
            *(f"{name}_{part}" for name in self.attributes for part in ("count", "share", "last", "rate")),
            *("price", "price_gap", "history", "day_size", "gap_days", "taste", "taste_gap"),
            *("visits", "span_days", "visit_size", "visit_shared", "visit_first", "last_size", "last_shared"),
        )


def ranking_features(
    sources: Sources, histories: Histories, candidates: Candidates, scores: Mapping[str, Column]
) -> Features:
    """All features of the candidates, of histories with nothing later than the answer is wanted.

    ``scores`` are float32[candidates] of each candidate scorer ("blend", "network", "group", "concern").
    """
    names = sources.names(scores)
    stacked = np.array([*scores.values()], np.float32).reshape(len(scores), len(candidates.products))
    batches = CandidateBatch(histories, candidates).small_batches
    blocks = [np.concatenate([*_described(sources, batch, stacked[:, own])]) for batch, own in batches]
    return Features(names, np.concatenate(blocks, axis=1) if len(blocks) > 1 else blocks[0])


def _described(sources: Sources, batch: CandidateBatch, scores: Block) -> Iterator[Block]:
    """The rows of a few customers' candidates, in the order of ``Sources.names``."""
    alike, linked = similarity_features(sources.neighbours, batch)
    starts = batch.candidates.starts
    places = ranks_within_customers(np.concatenate([scores, alike[0]]), starts)
    yield score_features(scores, places[: len(scores)], starts)
    yield interleaved(*alike, places[len(scores) :])
    yield linked
    if sources.vectors is not None:
        yield vector_similarity_features(sources.vectors, sources.lengths, batch)
    yield popularity_features(sources.popularity, batch)
    yield attribute_features(sources.values, batch)
    yield customer_features(sources.products, batch)
