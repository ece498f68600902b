"""How good a blend of item-to-item models is: the places of hidden purchases, by full ranking."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.config import RecommenderConfig
from recommender.config.model import FamilySettings
from recommender.evaluation import metrics
from recommender.evaluation.metrics import MISSED, CustomerValues
from recommender.models.candidate_models.item_to_item import decay
from recommender.models.candidate_models.neighbour_building import blend_models, summed_similarity
from recommender.models.candidate_models.sparse_matrices import Matrix
from recommender.models.histories import Histories, at_most
from recommender.models.model_data import ModelData
from recommender.models.products.families import Families
from recommender.tuning.fitted_models import FittedModels

_AT_ONCE = 512


@dataclass(frozen=True)
class HiddenPurchaseDraw:
    """What may be learnt from, each customer's last purchase to be found.

    Attributes:
        known: Each customer's purchases, the hidden one last.
    """

    known: Histories

    @cached_property
    def histories(self) -> Histories:
        """What may be fitted on: each customer's purchases less the hidden one."""
        return self.known.without_last()

    @cached_property
    def hidden(self) -> NDArray[np.int64]:
        """The product to be found, int64[customers]; -1 for a customer who had none to spare."""
        return self.known.last()


def hidden_purchase_draws(histories: Histories, count: int, seed: int) -> list[HiddenPurchaseDraw]:
    """The last purchase is hidden; without dates, ``count`` times another one by the seed.

    ``histories`` are what may be learnt from, held-out purchases not included.
    """
    orders = [histories] if histories.has_days else [histories, *_shuffled(histories, count - 1, seed)]
    return [HiddenPurchaseDraw(order) for order in orders]


def _shuffled(histories: Histories, count: int, seed: int) -> Iterator[Histories]:
    """Each customer's purchases in other orders."""
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        order = np.lexsort((rng.random(len(histories.products)), histories.owners))
        yield Histories(histories.starts, histories.products[order], histories.days[order], histories.product_count)


class BlendEvaluator:
    """Evaluates blends on the same customers, with every model fitted once."""

    def __init__(self, data: ModelData, config: RecommenderConfig, histories: Histories) -> None:
        """Hide purchases of ``histories`` (without held-out ones), and draw the customers that trials are evaluated on.

        Of the histories in ``data`` only whether they are dated matters.
        """
        self.config = config
        self.draws = hidden_purchase_draws(histories, config.tuning.draws, config.seed)
        self.customers = np.flatnonzero(self.draws[0].hidden >= 0)
        self.sample = at_most(self.customers, config.tuning.customers, config.seed)
        self._variants = data.catalogue.families
        self._fitted = [FittedModels(data, config, draw.histories) for draw in self.draws]

    @property
    def names(self) -> list[str]:
        """The item-to-item models that this data allows."""
        return self._fitted[0].names

    @property
    def dated(self) -> bool:
        """Whether the order of purchases is known."""
        return self.draws[0].histories.has_days

    def values(self, families: FamilySettings, customers: NDArray[np.int64]) -> tuple[CustomerValues, CustomerValues]:
        """NDCG@k and HR@k of the blend, each the mean over the draws: float64[customers] each."""
        k = self.config.evaluation.k
        ranks = [*self._ranks(families, customers)]
        ndcg = np.mean([metrics.ndcg(found, k) for found in ranks], axis=0)
        return ndcg, np.mean([metrics.hit_rate(found, k) for found in ranks], axis=0)

    def _ranks(self, families: FamilySettings, customers: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        """By draw, the place of each customer's hidden product."""
        for draw, fitted in zip(self.draws, self._fitted, strict=True):
            scaled = fitted.scaled(families)
            weights = families.model_dump()
            blend = blend_models(scaled, weights, families.neighbours) if scaled else None
            yield _places(draw, blend, families, customers, self.config.seed, self._variants)


def _places(
    draw: HiddenPurchaseDraw,
    blend: Matrix | None,
    families: FamilySettings,
    customers: NDArray[np.int64],
    seed: int,
    variants: Families,
) -> NDArray[np.int64]:
    """Place of each customer's hidden product among all that the customer does not have in any variant, from 0.

    Of variants the best counts, as in lists. ``MISSED`` where the blend has no score for it, or the customer has
    another variant. Among equal scores the place is drawn by the seed.
    """
    if blend is None:
        return np.full(len(customers), MISSED, np.int64)
    luck = np.random.default_rng(seed).random(len(customers))
    fading = decay(families, draw.histories)
    found: list[NDArray[np.int64]] = []
    for start in range(0, len(customers), _AT_ONCE):
        batch = customers[start : start + _AT_ONCE]
        scores = variants.best(_scores(draw.histories.select(batch), blend, families.history, fading, variants))
        own = scores[np.arange(len(batch)), variants.codes[draw.hidden[batch]]][:, None]
        better, equal = (scores > own).sum(axis=1), (scores == own).sum(axis=1)
        place = better + np.floor(luck[start : start + _AT_ONCE] * equal).astype(np.int64)
        found.append(np.where(own[:, 0] > 0, place, MISSED))
    return np.concatenate([*found, np.empty(0, np.int64)])


def _scores(histories: Histories, blend: Matrix, most: int, fading: float, variants: Families) -> NDArray[np.float32]:
    """As ``Neighbours.scores``, 0 for what the customer has in any variant: float32[customers, products]."""
    scores = summed_similarity(histories.recent(most), blend, fading)
    scores[variants.owned_variants(histories.owners, histories.products)] = 0
    return scores
