"""What the re-ranker sees of each candidate: one definition, in training and in every answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.models.attributes import Attribute
from recommender.models.candidates import Candidates
from recommender.models.histories import Histories
from recommender.models.neighbours import Neighbours
from recommender.models.popularity import Popularity

Column = NDArray[np.float32]
_WINDOWS = (30, 90, 365)


@dataclass(frozen=True)
class Pairs:
    """Each candidate beside each purchase of its customer, flat, candidate by candidate.

    Attributes:
        candidate: int64[pairs]; position in the candidates.
        entry: int64[pairs]; position in the histories' entries.
    """

    candidate: NDArray[np.int64]
    entry: NDArray[np.int64]

    @classmethod
    def of(cls, histories: Histories, candidates: Candidates) -> Self:
        """All pairs of one customer's candidates and purchases."""
        lengths = histories.lengths[candidates.owners]
        candidate = np.repeat(np.arange(len(candidates.products)), lengths)
        first = np.repeat(np.cumsum(lengths) - lengths, lengths)
        entry = histories.starts[candidates.owners[candidate]] + np.arange(len(candidate)) - first
        return cls(candidate, entry)


@dataclass(frozen=True)
class Sources:
    """The fitted parts that features are made from."""

    neighbours: Neighbours
    popularity: Popularity
    attributes: Mapping[str, Attribute]
    price: NDArray[np.float32]


def features(
    sources: Sources, histories: Histories, candidates: Candidates, scores: Mapping[str, Column]
) -> dict[str, Column]:
    """All features by name, float32[candidates] each; NaN where not known.

    Args:
        sources: The fitted parts.
        histories: What the customers used, none of it later than the answer is wanted.
        candidates: Whom to describe.
        scores: float32[candidates] of each first-stage scorer ("blend", "network", "group", "concern").
    """
    pairs = Pairs.of(histories, candidates)
    found: dict[str, Column] = {}
    for name, score in scores.items():
        found[name] = score
        found[f"{name}_rank"] = candidates.ranks(score).astype(np.float32)
        found[f"{name}_gap"] = score - _best(score, candidates)[candidates.owners]
    found |= dict(_likeness(sources.neighbours, histories, candidates, pairs))
    found |= dict(_popularity(sources.popularity, histories, candidates))
    found |= dict(_attributes(sources.attributes, histories, candidates, pairs))
    found |= dict(_prices(sources.price, histories, candidates))
    found |= dict(_customer(sources.popularity, histories, candidates))
    return found


def _likeness(
    neighbours: Neighbours, histories: Histories, candidates: Candidates, pairs: Pairs
) -> Iterator[tuple[str, Column]]:
    """By family: likeness to the whole history (decayed sum), to its nearest, last and last day's products."""
    hits, values = neighbours.table.find(histories.products[pairs.entry], candidates.products[pairs.candidate])
    candidate, entry = pairs.candidate[hits], pairs.entry[hits]
    steps = histories.steps_back[entry]
    weights = np.power(neighbours.decay, steps).astype(np.float32)
    size = len(candidates.products)
    last, basket = steps == 0, _last_day(histories)[entry]
    total = _summed(candidate, values * weights[:, None], size)
    nearest = _largest(candidate, values, size)
    latest = _summed(candidate[last], values[last], size)
    day = _summed(candidate[basket], values[basket], size)
    for i, family in enumerate(neighbours.families):
        yield f"{family}_sum", total[:, i]
        yield f"{family}_max", nearest[:, i]
        yield f"{family}_last", latest[:, i]
        yield f"{family}_day", day[:, i]
        yield f"{family}_rank", candidates.ranks(total[:, i]).astype(np.float32)
    yield "linked", np.bincount(candidate, minlength=size).astype(np.float32)


def _popularity(popularity: Popularity, histories: Histories, candidates: Candidates) -> Iterator[tuple[str, Column]]:
    """Uses of the candidate up to the customer's last day, in windows and by trend."""
    products = candidates.products
    today = _last_days(histories, popularity)[candidates.owners]
    until = popularity.until(products, today)
    counts = {window: until - popularity.until(products, today - window) for window in _WINDOWS}
    yield "uses", popularity.log_counts[products]
    yield "uses_before", np.log1p(until).astype(np.float32)
    for window, count in counts.items():
        yield f"uses_{window}", np.log1p(count).astype(np.float32)
    yield "trend", ((counts[30] + 1) / (counts[90] / 3 + 1)).astype(np.float32)
    yield "trend_year", ((counts[90] + 1) / (counts[365] / 4 + 1)).astype(np.float32)
    first = popularity.days[np.minimum(popularity.starts[products], len(popularity.days) - 1)]
    yield "age_days", np.where(until > 0, today - first, np.nan).astype(np.float32)


def _attributes(
    attributes: Mapping[str, Attribute], histories: Histories, candidates: Candidates, pairs: Pairs
) -> Iterator[tuple[str, Column]]:
    """By attribute: its share in the history, whether the last product has it, and the transition's rate."""
    size = len(candidates.products)
    lengths = np.maximum(histories.lengths, 1)[candidates.owners]
    last = _last_products(histories)[candidates.owners]
    for name, attribute in attributes.items():
        same = attribute.same(histories.products[pairs.entry], candidates.products[pairs.candidate])
        count = np.bincount(pairs.candidate[same], minlength=size)
        yield f"{name}_count", count.astype(np.float32)
        yield f"{name}_share", (count / lengths).astype(np.float32)
        yield f"{name}_last", np.where(last >= 0, attribute.same(last, candidates.products), np.nan).astype(np.float32)
        yield f"{name}_rate", np.where(last >= 0, attribute.rates(last, candidates.products), 0).astype(np.float32)


def _prices(price: NDArray[np.float32], histories: Histories, candidates: Candidates) -> Iterator[tuple[str, Column]]:
    """The candidate's price, and its distance (in log) from the customer's usual one."""
    usual = _mean_by_customer(histories, np.log1p(price[histories.products]))
    asked = np.log1p(price[candidates.products])
    yield "price", asked
    yield "price_gap", asked - usual[candidates.owners]


def _customer(popularity: Popularity, histories: Histories, candidates: Candidates) -> Iterator[tuple[str, Column]]:
    """How much the customer bought, how recently before the last day, and the taste for popular products."""
    owners = candidates.owners
    logs = popularity.log_counts
    taste = _mean_by_customer(histories, logs[histories.products])
    yield "history", histories.lengths[owners].astype(np.float32)
    yield (
        "day_size",
        np.bincount(histories.owners[_last_day(histories)], minlength=len(histories))[owners].astype(np.float32),
    )
    yield "gap_days", _gap(histories)[owners]
    yield "taste", taste[owners]
    yield "taste_gap", logs[candidates.products] - taste[owners]


def _best(score: Column, candidates: Candidates) -> Column:
    """The highest score among each customer's candidates, float32[customers]; 0 for one without candidates."""
    return _largest(candidates.owners, score[:, None], len(candidates.lengths))[:, 0]


def _last_day(histories: Histories) -> NDArray[np.bool_]:
    """Whether each entry lies on its customer's last day; without dates only the last entry does."""
    if not histories.has_days:
        return histories.steps_back == 0
    ends = histories.starts[1:][histories.owners] - 1
    return histories.days == histories.days[ends]


def _last_days(histories: Histories, popularity: Popularity) -> NDArray[np.int64]:
    """Each customer's last day, int64[customers]; the data's last day for one without history."""
    days = np.full(len(histories), popularity.last_day, np.int64)
    has = histories.lengths > 0
    days[has] = histories.days[histories.starts[1:][has] - 1]
    return days


def _last_products(histories: Histories) -> NDArray[np.int64]:
    """Each customer's last product, int64[customers]; -1 for one without history."""
    last = np.full(len(histories), -1, np.int64)
    has = histories.lengths > 0
    last[has] = histories.products[histories.starts[1:][has] - 1]
    return last


def _gap(histories: Histories) -> Column:
    """Days between a customer's last two purchases, float32[customers]; NaN with fewer."""
    gaps = np.full(len(histories), np.nan, np.float32)
    has = histories.lengths > 1
    ends = histories.starts[1:][has] - 1
    gaps[has] = histories.days[ends] - histories.days[ends - 1]
    return gaps


def _mean_by_customer(histories: Histories, values: Column) -> Column:
    """Mean of the entries' known values, float32[customers]; NaN where none is known."""
    known = ~np.isnan(values)
    counts = np.bincount(histories.owners[known], minlength=len(histories))
    sums = np.bincount(histories.owners[known], values[known], minlength=len(histories))
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan).astype(np.float32)


def _summed(groups: NDArray[np.int64], values: Column, size: int) -> Column:
    """Sum of rows by group, float32[size, columns]; ``groups`` must rise."""
    return _reduced(np.add, groups, values, size)


def _largest(groups: NDArray[np.int64], values: Column, size: int) -> Column:
    """Largest of rows by group, float32[size, columns], 0 for an empty group; ``groups`` must rise."""
    return _reduced(np.maximum, groups, values, size)


def _reduced(function: np.ufunc, groups: NDArray[np.int64], values: Column, size: int) -> Column:
    reduced = np.zeros((size, values.shape[1]), np.float32)
    if len(groups):
        starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
        reduced[groups[starts]] = function.reduceat(values, starts, axis=0)
    return reduced
