"""Best-sellers behind the champion's rules: what a survey compares the champion with where there is no other model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.contract.tables import Tables
from recommender.engine.engine import Engine
from recommender.evaluation.baselines.popularity_window import choose_window
from recommender.models.hybrid import Hybrid, Ranking, RankingInput
from recommender.models.model_data import ModelData, model_data
from settings.config import Config


@dataclass(frozen=True)
class BestSellers(Hybrid):
    """Ranks the same products for everybody.

    Attributes:
        sold: float32[products]; purchases of each product, in the catalogue's order.
    """

    sold: NDArray[np.float32]

    def rank(self, customers: Sequence[RankingInput]) -> list[Ranking]:
        """Each customer's allowed products, the most bought first."""
        order = np.argsort(-self.sold, kind="stable")
        allowed = [order[customer.allowed[order]] for customer in customers]
        return [Ranking(products, self.sold[products], "popular") for products in allowed]

    def extend(self, ranking: Ranking, customer: RankingInput) -> Ranking:  # noqa: ARG002
        """The same: :meth:`rank` has left no allowed product out."""
        return ranking


def best_sellers(champion: Engine, tables: Tables, config: Config) -> Engine:
    """An engine of best-sellers, of the window chosen on validation, with the champion's catalogue and rules.

    It gives no reasons: "many customers bought it" on every line would tell raters which list it is.
    """
    data = model_data(tables, config.seed)
    window = choose_window(data.histories, data.catalogue.families, config.evaluation, config.seed)
    sold = _in_order_of(champion, data, window.scores(data.histories))
    hybrid = BestSellers(champion.hybrid.generator, None, sold)
    return Engine(hybrid, champion.catalogue, champion.rules, f"best-sellers ({window.label})", champion.avoidances)


def _in_order_of(champion: Engine, data: ModelData, sold: NDArray[np.float32]) -> NDArray[np.float32]:
    """``sold`` in the order of the champion's catalogue; 0 for what the data does not have any more."""
    places = np.array([data.catalogue.index.get(product, -1) for product in champion.catalogue.product_ids], np.int64)
    return np.where(places >= 0, sold[places], 0).astype(np.float32)
