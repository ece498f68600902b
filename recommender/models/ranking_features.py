"""What the re-ranker sees of each candidate: one definition, in training and in every answer.

Customers are described one by one, so that who is asked about together changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender.models.attributes import Attribute
from recommender.models.candidates import Candidates, ranks
from recommender.models.histories import Histories
from recommender.models.neighbours import Neighbours
from recommender.models.popularity import Popularity
from recommender.models.visits import Visits

Column = NDArray[np.float32]
Block = NDArray[np.float32]
_WINDOWS = (30, 90, 365)
_TIMES_AS_LONG = np.array([[3], [4]])
"""About how many times as long the windows from the second on are as those before them."""
_OF_A_SCORE = ("", "_rank", "_gap")
"""What a candidate's score by a first-stage scorer is described by."""


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
        """The same candidates, all one customer's, as another score of the first-stage scorer ``name`` describes them.

        Args:
            name: One of those that :func:`features` was given scores of.
            scores: float32[candidates].
        """
        first = self.names.index(name)
        block = self.block.copy()
        block[first : first + len(_OF_A_SCORE)] = _of_scores(scores[None], ranks(scores[None]))
        return Features(self.names, block)

    def of(self, candidates: NDArray[np.integer] | slice) -> "Features":
        """Only these candidates, by their places."""
        return Features(self.names, self.block[:, candidates])

    def rows(self, names: tuple[str, ...]) -> Block:
        """The features of these names, in their order: float32[names, candidates]."""
        return self.block[_places(self.names, names)]


@lru_cache
def _places(names: tuple[str, ...], wanted: tuple[str, ...]) -> NDArray[np.int64]:
    """Where each of the wanted names stands; read only, as it is kept."""
    place = {name: i for i, name in enumerate(names)}
    found = np.array([place[name] for name in wanted], np.int64)
    found.flags.writeable = False
    return found


@dataclass(frozen=True)
class Sources:
    """The fitted parts that features are made from.

    Attributes:
        neighbours: Of each product, by family.
        popularity: Of each product over time.
        visits: That each product is bought in.
        attributes: Of each product, by name.
        price: float32[products].
        vectors: float32[products, width] of the network, by which products are near to each other; None without one.
    """

    neighbours: Neighbours
    popularity: Popularity
    visits: Visits
    attributes: Mapping[str, Attribute]
    price: Column
    vectors: Block | None = None

    @cached_property
    def lengths(self) -> Column:
        """Of each product's vector, float32[products, 1]; a tiny one where nothing is known, to divide by."""
        vectors = np.empty((0, 1), np.float32) if self.vectors is None else self.vectors
        return np.maximum(np.sqrt((vectors * vectors).sum(axis=1, keepdims=True)), np.float32(1e-9))

    @cached_property
    def log_price(self) -> Column:
        """Logarithm of one more than each product's price, float32[products]."""
        return np.log1p(self.price)

    def names(self, scores: Mapping[str, Column]) -> tuple[str, ...]:
        """All features, in the order of their rows."""
        return *(f"{name}{part}" for name in scores for part in _OF_A_SCORE), *self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return (
            *(f"{name}_{part}" for name in self.neighbours.families for part in ("sum", "max", "last", "day", "rank")),
            "linked",
            *(("near_max", "near_last", "near_mean") if self.vectors is not None else ()),
            *("uses", "uses_before", *(f"uses_{window}" for window in _WINDOWS), "trend", "trend_year", "age_days"),
            *(f"{name}_{part}" for name in self.attributes for part in ("count", "share", "last", "rate")),
            *("price", "price_gap", "history", "day_size", "gap_days", "taste", "taste_gap"),
            *("visits", "span_days", "visit_size", "visit_shared", "visit_first", "last_size", "last_shared"),
        )


def features(sources: Sources, histories: Histories, candidates: Candidates, scores: Mapping[str, Column]) -> Features:
    """All features of the candidates.

    Args:
        sources: The fitted parts.
        histories: What the customers used, none of it later than the answer is wanted.
        candidates: Whom to describe.
        scores: float32[candidates] of each first-stage scorer ("blend", "network", "group", "concern").
    """
    stacked = np.array([*scores.values()], np.float32).reshape(len(scores), len(candidates.products))
    asked = zip(pairwise(histories.starts.tolist()), pairwise(candidates.starts.tolist()), strict=True)
    blocks = [
        np.concatenate(
            [
                *_described(
                    sources,
                    _Customer(histories.products[start:stop], histories.days[start:stop]),
                    candidates.products[first:end],
                    stacked[:, first:end],
                )
            ]
        )
        for (start, stop), (first, end) in asked
    ]
    names = sources.names(scores)
    if len(blocks) != 1:
        blocks = [np.concatenate([np.empty((len(names), 0), np.float32), *blocks], axis=1)]
    return Features(names, blocks[0])


@dataclass(frozen=True)
class _Customer:
    """One customer's history.

    Attributes:
        products: int32[entries]; oldest first.
        days: int32[entries].
    """

    products: NDArray[np.int32]
    days: NDArray[np.int32]

    @cached_property
    def last_day(self) -> int:
        """How many entries lie on the last day; without dates only the last entry does."""
        days: list[int] = self.days.tolist()
        return sum(day == days[-1] for day in days) if any(days) else min(1, len(days))


def _described(sources: Sources, customer: _Customer, products: NDArray[np.int64], scores: Block) -> Iterator[Block]:
    """The rows of one customer's candidates, in the order of ``Sources.names``."""
    total, *likeness, linked = _likeness(sources.neighbours, customer, products)
    places = ranks(np.concatenate([scores, total]))
    yield _of_scores(scores, places[: len(scores)])
    yield _interleaved(total, *likeness, places[len(scores) :])
    yield linked
    if sources.vectors is not None:
        yield _nearness(sources.vectors, sources.lengths, customer, products)
    yield _popularity(sources.popularity, customer, products)
    yield _attributes([*sources.attributes.values()], customer, products)
    yield _amounts(sources, customer, products)
    yield _visits(sources.visits, customer, products)


def _of_scores(scores: Block, places: NDArray[np.int64]) -> Block:
    """Each scorer's score, the candidate's place by it, and the distance to the best candidate's."""
    return _interleaved(scores, places, scores - scores.max(axis=1, keepdims=True, initial=-np.inf))


def _interleaved(*blocks: NDArray[np.number]) -> Block:
    """The first row of each block, then the second of each, ..."""
    rows = np.empty((len(blocks[0]), len(blocks), blocks[0].shape[1]), np.float32)
    for i, block in enumerate(blocks):
        rows[:, i] = block
    return rows.reshape(rows.shape[0] * rows.shape[1], rows.shape[2])


def _likeness(neighbours: Neighbours, customer: _Customer, products: NDArray[np.int64]) -> tuple[Block, ...]:
    """Likeness by family to the whole history (decayed sum), to its nearest, last and last day's products.

    Each float32[families, candidates]; and float32[1, candidates], how many products of the history are neighbours.
    """
    entry, candidate, values = neighbours.table.among(customer.products, products)
    size, families = len(customer.products), len(neighbours.families)
    cells = np.zeros((size, families, len(products)), np.float32)
    cells[entry, :, candidate] = values
    linked = np.bincount(candidate, minlength=len(products))
    nearest = cells.max(axis=0, initial=0)
    if values.min(initial=0) < 0:
        # EASE's likeness may be negative: what is no neighbour must not hide it.
        known = np.full_like(cells, -np.inf)
        known[entry, :, candidate] = values
        nearest = np.where(linked > 0, known.max(axis=0, initial=-np.inf), np.float32(0))
    return (
        (neighbours.weights(size) @ cells.reshape(size, families * len(products))).reshape(families, len(products)),
        nearest,
        cells[size - 1 :].sum(axis=0),
        cells[size - customer.last_day :].sum(axis=0),
        linked[None].astype(np.float32),
    )


def _nearness(vectors: Block, lengths: Column, customer: _Customer, products: NDArray[np.int64]) -> Block:
    """Cosine of the network's vectors with those of the history: the nearest, the last one's, the mean."""
    rows = np.full((3, len(products)), np.nan, np.float32)
    if len(customer.products):
        cosines = _unit(vectors, lengths, customer.products) @ _unit(vectors, lengths, products).T
        cosines.max(axis=0, out=rows[0])
        rows[1] = cosines[-1]
        np.divide(cosines.sum(axis=0), len(cosines), out=rows[2])
    return rows


def _unit(vectors: Block, lengths: Column, products: NDArray[np.integer]) -> Block:
    """The products' vectors, of length one; of length zero where nothing is known."""
    return vectors.take(products, axis=0) / lengths.take(products, axis=0)


def _popularity(popularity: Popularity, customer: _Customer, products: NDArray[np.int64]) -> Block:
    """Uses of the candidates up to the customer's last day, in windows and by trend."""
    rows = np.empty((8, len(products)), np.float32)
    today = int(customer.days[-1]) if len(customer.days) else popularity.last_day
    # A product's windows after each other: they end close together in the table that is searched.
    until = popularity.until(products[:, None], np.array([today - window for window in (0, *_WINDOWS)])).T
    counts = until[0] - until
    counts[0] = until[0]
    rows[0] = popularity.log_counts[products]
    rows[1:5] = np.log1p(counts, dtype=np.float64)
    # Of a window against the next longer one, each as if it were as long.
    rows[5:7] = (counts[1:3] + 1) / (counts[2:4] / _TIMES_AS_LONG + 1)
    first = popularity.days[np.minimum(popularity.starts[products], len(popularity.days) - 1)]
    rows[7] = np.where(until[0] > 0, today - first, np.nan)
    return rows


def _attributes(attributes: Sequence[Attribute], customer: _Customer, products: NDArray[np.int64]) -> Block:
    """Each attribute's share in the history, whether the last product has it, and the transition's rate."""
    rows = np.empty((len(attributes), 4, len(products)), np.float32)
    size = len(customer.products)
    for row, attribute in zip(rows, attributes, strict=True):
        same = attribute.same(customer.products[:, None], products)
        same.sum(axis=0, out=row[0])
        row[2] = same[-1] if size else np.nan
        row[3] = attribute.rates(int(customer.products[-1]), products) if size else 0
    np.divide(rows[:, 0], max(size, 1), out=rows[:, 1])
    return rows.reshape(4 * len(attributes), len(products))


def _amounts(sources: Sources, customer: _Customer, products: NDArray[np.int64]) -> Block:
    """Prices and the distance (in log) from the customer's usual one; how much the customer bought, and how popular."""
    rows = np.empty((7, len(products)), np.float32)
    logs = sources.popularity.log_counts
    price, taste = _mean(sources.log_price[customer.products]), _mean(logs[customer.products])
    rows[0] = sources.log_price[products]
    rows[1] = rows[0] - price
    rows[2] = len(customer.products)
    rows[3] = customer.last_day
    rows[4] = customer.days[-1] - customer.days[-2] if len(customer.days) > 1 else np.nan
    rows[5] = taste
    rows[6] = logs[products] - taste
    return rows


def _visits(visits: Visits, customer: _Customer, products: NDArray[np.int64]) -> Block:
    """How often and how long the customer comes; visits that the candidates and the last product are bought in."""
    rows = np.empty((7, len(products)), np.float32)
    days, last = customer.days, customer.products[-1:]
    rows[0] = len({*days.tolist()})
    rows[1] = days[-1] - days[0] if len(days) else np.nan
    rows[2] = visits.size[products]
    rows[3] = visits.shared[products]
    rows[4] = visits.first[products]
    rows[5] = visits.size[last] if len(last) else np.nan
    rows[6] = visits.shared[last] if len(last) else np.nan
    return rows


def _mean(values: Column) -> np.float32:
    """Mean of the known values; NaN where none is known."""
    known = values[~np.isnan(values)]
    return np.float32(known.sum(dtype=np.float64) / len(known)) if len(known) else np.float32(np.nan)
