"""Each model of the hybrid, fitted and scoring alone."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import timed
from recommender.contract.query import Profile
from recommender.evaluation.baselines.item_knn import cosine_of_uses
from recommender.evaluation.baselines.popularity_window import choose_window
from recommender.models.candidate_models.customer_groups import CustomerGroups
from recommender.models.candidate_models.customer_traits import CustomerTraits
from recommender.models.candidate_models.neighbour_building import build_neighbours
from recommender.models.candidate_models.sparse_matrices import Matrix
from recommender.models.candidates import top_k
from recommender.models.histories import Histories
from recommender.models.hybrid_fitting import HybridFitter
from recommender.models.network.network import Network
from recommender.models.products.families import Families

POPULARITY: Final = "popularity"
ITEM_KNN: Final = "item_knn"

_CUSTOMERS_AT_ONCE = 256

Score: TypeAlias = Callable[[Histories, Sequence[Profile]], NDArray[np.float32]]


@dataclass(frozen=True)
class SingleModel:
    """A fitted model that scores alone.

    Attributes:
        name: As in the configuration.
        seconds: What fitting took.
        score: Scores of every product for customers with these histories and profiles,
            float32[customers, products]; 0 where the model has no score for a product.
        settings: What was chosen for it on validation, in words; empty where there was nothing to choose.
    """

    name: str
    seconds: float
    score: Score
    settings: str = ""


def fit_models_for(
    asked: Histories, fitter: HybridFitter, histories: Histories, only: Collection[str] | None = None
) -> Iterator[SingleModel]:
    """The models that can score for anybody of ``asked``: without a history among these the others have nothing to say.

    ``only`` names the models to fit; None for all.
    """
    fit = fit_single_models if asked.lengths.any() else fit_models_without_history
    return fit(fitter, histories, only)


def fit_single_models(
    fitter: HybridFitter, histories: Histories, only: Collection[str] | None = None
) -> Iterator[SingleModel]:
    """Popularity, groups and traits (where any profile is known), item-kNN, each model of the blend, it, the network.

    ``only`` names the models to fit; None for all. The blend is fitted only with all.
    """
    yield from fit_models_without_history(fitter, histories, only)
    yield from _item_to_item(fitter, histories, only)
    if only is None or "network" in only:
        yield from _network(fitter, histories)


def fit_models_without_history(
    fitter: HybridFitter, histories: Histories, only: Collection[str] | None = None
) -> Iterator[SingleModel]:
    """The models that can score for a customer without history; of these ``only`` the named."""
    if only is None or POPULARITY in only:
        yield _popularity(fitter, histories)
    if not any(profile != Profile() for profile in fitter.data.profiles):
        return
    if only is None or "groups" in only:
        yield _groups(fitter, histories)
    if only is None or "traits" in only:
        yield _traits(fitter, histories)


def _popularity(fitter: HybridFitter, histories: Histories) -> SingleModel:
    """Best-sellers, counted in the window that finds most on purchases hidden below the test."""
    with timed("fitted popularity") as figures:
        window = choose_window(histories, fitter.data.catalogue.families, fitter.config.evaluation, fitter.config.seed)
        sold = window.scores(histories)
    return SingleModel(
        POPULARITY, _seconds(figures), lambda histories, _: np.tile(sold, (len(histories), 1)), window.label
    )


def _groups(fitter: HybridFitter, histories: Histories) -> SingleModel:
    with timed("fitted groups") as figures:
        groups = CustomerGroups.fit(fitter.data.profiles, histories, fitter.settings.groups)
    return SingleModel("groups", _seconds(figures), lambda _, profiles: np.stack([groups.scores(p) for p in profiles]))


def _traits(fitter: HybridFitter, histories: Histories) -> SingleModel:
    with timed("fitted traits") as figures:
        traits = CustomerTraits.fit(fitter.data.profiles, histories, fitter.concern_efficacy, fitter.settings.groups)
    return SingleModel("traits", _seconds(figures), lambda _, profiles: np.stack([traits.scores(p) for p in profiles]))


def _item_to_item(fitter: HybridFitter, histories: Histories, only: Collection[str] | None) -> Iterator[SingleModel]:
    if only is None or ITEM_KNN in only:
        with timed("fitted item-kNN") as figures:
            cosines = cosine_of_uses(histories)
        # Every use counts alike: the published model knows no order.
        yield _neighbours(ITEM_KNN, {ITEM_KNN: cosines}, {ITEM_KNN: 1.0}, fitter, _seconds(figures), decay=1.0)
    blended = fitter.item_models.fitters(histories)
    matrices: dict[str, Matrix] = {}
    total = 0.0
    for name, fit in fitter.item_models.fitters(histories, every=True).items():
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


def _network(fitter: HybridFitter, histories: Histories) -> Iterator[SingleModel]:
    """The sequence network alone, where this data has one."""
    with timed("fitted network") as figures:
        network = fitter.fit_network(histories)
    if network is not None:
        yield SingleModel("network", _seconds(figures), partial(_by_network, network, fitter.settings.families.history))


def _by_network(network: Network, most: int, histories: Histories, _: Sequence[Profile]) -> NDArray[np.float32]:
    """Each product's probability to be the next; 0 for a customer without history."""
    scores = np.zeros((len(histories), histories.product_count), np.float32)
    known = np.flatnonzero(histories.lengths)
    if len(known):
        scores[known] = np.exp(network.scores(histories.select(known).recent(most)))
    return scores


def _neighbours(
    name: str,
    matrices: dict[str, Matrix],
    weights: Mapping[str, float],
    fitter: HybridFitter,
    seconds: float,
    decay: float | None = None,
) -> SingleModel:
    """Each product's strongest neighbours by ``matrices``, kept and added up as the candidate generator does.

    ``decay`` is the weight of a purchase against the next one; None for the candidate generator's.
    """
    settings = fitter.settings.families
    decay = fitter.item_models.decay if decay is None else decay
    neighbours = build_neighbours(matrices, weights, settings.neighbours, decay)
    return SingleModel(name, seconds, lambda histories, _: neighbours.scores(histories.recent(settings.history)))


def _seconds(figures: dict[str, int | float | str]) -> float:
    return float(figures["seconds"])


def best_products(
    score: Score,
    histories: Histories,
    profiles: Sequence[Profile],
    k: int,
    seed: int,
    families: Families,
) -> Iterator[NDArray[np.int64]]:
    """Full ranking: each customer's ``k`` best products by a model's scores; fewer where it scores no more.

    Only what the customer has is left out, in any variant, and of variants only the best is there: no other rule
    applies, as in published tables. The order of equal scores is drawn by ``seed``, so that no product gains by its
    place in the catalogue.
    """
    rng = np.random.default_rng(seed)
    for start in range(0, len(histories), _CUSTOMERS_AT_ONCE):
        customers = np.arange(start, min(start + _CUSTOMERS_AT_ONCE, len(histories)))
        batch = histories.select(customers)
        scores = score(batch, [profiles[customer] for customer in customers.tolist()])
        scores[families.owned_variants(batch.owners, batch.products)] = 0
        for row in scores:
            found = rng.permutation(np.flatnonzero(row > 0))
            yield _distinct(found, row[found], k, families)


def _distinct(
    products: NDArray[np.int64], scores: NDArray[np.float32], k: int, families: Families
) -> NDArray[np.int64]:
    """The ``k`` best products, one of each family."""
    if families.alone:
        return products[top_k(scores, k)]
    ordered = products[top_k(scores, len(scores))]
    _, first = np.unique(families.starts[ordered], return_index=True)
    return ordered[np.sort(first)[:k]]
