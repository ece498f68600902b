"""The model families, each fitted and scoring alone."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import timed
from recommender.contract.query import Profile
from recommender.models.candidate_models.groups import Groups
from recommender.models.candidate_models.neighbour_building import build_neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.candidate_models.similarity import Matrix
from recommender.models.candidate_models.traits import Traits
from recommender.models.fitting import Fitter
from recommender.models.histories import Histories
from recommender.models.network.network import Network

Score: TypeAlias = Callable[[Histories, Sequence[Profile]], NDArray[np.float32]]


@dataclass(frozen=True)
class Family:
    """A fitted family.

    Attributes:
        name: As in the configuration.
        seconds: What fitting took.
        score: Scores of every product for customers with these histories and profiles,
            float32[customers, products]; 0 where the family says nothing of a product.
    """

    name: str
    seconds: float
    score: Score


def families(fitter: Fitter, histories: Histories, only: Collection[str] | None = None) -> Iterator[Family]:
    """Popularity, groups and traits (where any profile is known), each item-to-item family, their blend, the network.

    Args:
        fitter: Of the data set.
        histories: What the families learn from.
        only: Names of the families to fit; None for all. The blend is of all.
    """
    yield from without_history(fitter, histories, only)
    yield from _item_to_item(fitter, histories, only)
    if only is None or "network" in only:
        yield from _network(fitter, histories)


def without_history(fitter: Fitter, histories: Histories, only: Collection[str] | None = None) -> Iterator[Family]:
    """The families that know something for a customer who has used nothing yet; of these ``only`` the named."""
    if only is None or "popularity" in only:
        yield _popularity(fitter, histories)
    if not any(profile != Profile() for profile in fitter.data.profiles):
        return
    if only is None or "groups" in only:
        yield _groups(fitter, histories)
    if only is None or "traits" in only:
        yield _traits(fitter, histories)


def _popularity(fitter: Fitter, histories: Histories) -> Family:
    with timed("fitted popularity") as figures:
        recent = Popularity.fit(histories).recent(fitter.settings.recent_days)
    return Family("popularity", _seconds(figures), lambda histories, _: np.tile(recent, (len(histories), 1)))


def _groups(fitter: Fitter, histories: Histories) -> Family:
    with timed("fitted groups") as figures:
        groups = Groups.fit(fitter.data.profiles, histories, fitter.settings.groups)
    return Family("groups", _seconds(figures), lambda _, profiles: np.stack([groups.scores(p) for p in profiles]))


def _traits(fitter: Fitter, histories: Histories) -> Family:
    with timed("fitted traits") as figures:
        traits = Traits.fit(fitter.data.profiles, histories, fitter.needs, fitter.settings.groups)
    return Family("traits", _seconds(figures), lambda _, profiles: np.stack([traits.scores(p) for p in profiles]))


def _item_to_item(fitter: Fitter, histories: Histories, only: Collection[str] | None) -> Iterator[Family]:
    blended = fitter.families.fits(histories)
    matrices: dict[str, Matrix] = {}
    total = 0.0
    for name, fit in fitter.families.fits(histories, every=True).items():
        if only is not None and name not in only:
            continue
        with timed(f"fitted {name}") as figures:
            matrix = fit()
        yield _neighbours(name, {name: matrix}, {name: 1.0}, fitter, _seconds(figures))
        if name in blended:
            matrices[name] = matrix
            total += _seconds(figures)
    if only is None:
        yield _neighbours("blend", matrices, fitter.settings.families.model_dump(), fitter, total)


def _network(fitter: Fitter, histories: Histories) -> Iterator[Family]:
    """The sequence network alone, where this data has one."""
    with timed("fitted network") as figures:
        network = fitter.network(histories)
    if network is not None:
        yield Family("network", _seconds(figures), partial(_by_network, network, fitter.settings.families.history))


def _by_network(network: Network, most: int, histories: Histories, _: Sequence[Profile]) -> NDArray[np.float32]:
    """Each product's probability to be the next; 0 for a customer who has used nothing yet."""
    scores = np.zeros((len(histories), histories.product_count), np.float32)
    known = np.flatnonzero(histories.lengths)
    if len(known):
        scores[known] = np.exp(network.scores(histories.select(known).recent(most)))
    return scores


def _neighbours(
    name: str, matrices: dict[str, Matrix], weights: Mapping[str, float], fitter: Fitter, seconds: float
) -> Family:
    """The product's strongest neighbours by ``matrices``, as the hybrid's first stage keeps and adds them up."""
    settings = fitter.settings.families
    neighbours = build_neighbours(matrices, weights, settings.neighbours, fitter.families.decay)
    return Family(name, seconds, lambda histories, _: neighbours.scores(histories.recent(settings.history)))


def _seconds(figures: dict[str, int | float | str]) -> float:
    return float(figures["seconds"])
