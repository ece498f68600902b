"""The engine: queries in, recommendations out. Evaluation, batch scoring and serving all use it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from infrastructure import SECONDS_A_DAY
from recommender.config.model import RuleSettings
from recommender.contract.query import Item, Query, Reason, Recommendation
from recommender.engine.reasons import Reasons, rebuy_reason
from recommender.knowledge.knowledge import Knowledge
from recommender.models.avoidances import Avoidances
from recommender.models.bundle import Bundle
from recommender.models.candidate_batch import TOGETHER
from recommender.models.histories import Histories
from recommender.models.hybrid import Hybrid, Ranking, RankingInput
from recommender.models.hybrid_bundle import read_hybrid
from recommender.models.products.catalogue import Catalogue
from recommender.models.products.rebuys import Rebuys
from recommender.rules import AllowedProducts, DueProduct, Rules


class Engine:
    """A loaded model behind the rules; holds no state of any customer and is safe to share.

    Attributes:
        version: The bundle's.
        catalogue: The products it knows.
        hybrid: The model.
        rules: What may be shown of them.
        avoidances: What customers had declared to avoid when it was trained; the engine itself goes by the queries.
    """

    def __init__(
        self, hybrid: Hybrid, catalogue: Catalogue, rules: Rules, version: str, avoidances: Avoidances | None = None
    ) -> None:
        self.version = version
        self.avoidances = avoidances or Avoidances.unknown()
        self.catalogue = catalogue
        self.rules = rules
        self.hybrid = hybrid
        self._reasons = Reasons(hybrid, catalogue, rules.knowledge)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The engine of a bundle.

        Raises:
            BundleError: The bundle is incomplete, altered or of another schema version.
        """
        bundle = Bundle.open(folder)
        hybrid, catalogue = read_hybrid(bundle)
        settings = bundle.settings("rules", RuleSettings)
        rules = Rules(catalogue, Knowledge.load(), settings, Rebuys.from_parts(bundle.arrays("rebuys")))
        return cls(hybrid, catalogue, rules, bundle.version, Avoidances.read(bundle))

    def recommend(self, queries: Sequence[Query], reasons: bool = True) -> list[Recommendation]:
        """Answer each query; an answer is shorter than requested where the rules leave too few distinct products.

        The rules apply twice: before ranking, to the candidates, and to the finished list, product by product.
        """
        understood = [self._understood(query) for query in queries]
        parts = (understood[start : start + TOGETHER] for start in range(0, len(understood), TOGETHER))
        return [answer for part in parts for answer in self._answers(part, reasons)]

    def _answers(self, queries: Sequence[Query], reasons: bool) -> list[Recommendation]:
        """The answers to one batch of queries."""
        histories = [self._history(query) for query in queries]
        allowances = [
            self.rules.allowed_products(query, self._had(query, own.products))
            for query, own in zip(queries, histories, strict=True)
        ]
        customers = [
            RankingInput(history, query.profile, allowance.allowed)
            for query, history, allowance in zip(queries, histories, allowances, strict=True)
        ]
        rankings = self.hybrid.rank(customers)
        return [self._answer(*one, reasons) for one in zip(queries, customers, allowances, rankings, strict=True)]

    def _had(self, query: Query, products: NDArray[np.int32]) -> NDArray[np.integer]:
        """What the customer has, beside the history's ``products``: positions."""
        return np.append(products, self.catalogue.positions(query.owned)) if query.owned else products

    def _answer(
        self, query: Query, customer: RankingInput, allowance: AllowedProducts, ranking: Ranking, reasons: bool
    ) -> Recommendation:
        due = allowance.due[: self.rules.rebuying.places(query)]
        listed = _after(due, ranking)
        shown = self._checked(query, listed)
        if len(shown) < query.k and len(ranking.products) < np.count_nonzero(allowance.allowed):
            listed = _after(due, self.hybrid.extend(ranking, customer))
            shown = self._checked(query, listed)
        products = listed.products[shown]
        why = self._why(customer, products, ranking, due) if reasons else [()] * len(shown)
        items = (
            Item(self.catalogue.product_ids[product], score, reason)
            for product, score, reason in zip(products.tolist(), listed.scores[shown].tolist(), why, strict=True)
        )
        unrecognised = self.rules.unrecognised(query.profile.avoided_ingredients)
        return Recommendation(query.customer_id, tuple(items), ranking.path, allowance.removed, unrecognised)

    def _why(
        self, customer: RankingInput, products: NDArray[np.int64], ranking: Ranking, due: Sequence[DueProduct]
    ) -> list[tuple[Reason, ...]]:
        """The reasons of each product."""
        rebuys = {found.product: (rebuy_reason(found),) for found in due}
        found = self._reasons.explain(customer.profile, customer.history, products, ranking)
        return [rebuys.get(product, reason) for product, reason in zip(products.tolist(), found, strict=True)]

    def _understood(self, query: Query) -> Query:
        """The query with concerns by the names that the model knows them by; unknown ones are left out."""
        if not query.profile.concerns:
            return query
        concerns = self.rules.knowledge.concerns_called(query.profile.concerns)
        return replace(query, profile=replace(query.profile, concerns=concerns))

    def _checked(self, query: Query, ranking: Ranking) -> list[int]:
        """Places of the first ``query.k`` distinct products that break no rule: the last line of defence."""
        distinct = self._distinct(ranking.products)
        shown: list[int] = []
        while places := [*islice(distinct, query.k)]:
            ids = [self.catalogue.product_ids[ranking.products[place]] for place in places]
            forbidden = {violation.product_id for violation in self.rules.check(query, ids)}
            shown += [place for place, product_id in zip(places, ids, strict=True) if product_id not in forbidden]
            if len(shown) >= query.k:
                break
        return shown[: query.k]

    def _distinct(self, products: NDArray[np.int64]) -> Iterator[int]:
        """Places of the products to keep: of variants of one product only the best placed."""
        seen: set[int] = set()
        for place, group in enumerate(self.catalogue.family[products].tolist()):
            if group not in seen:
                seen.add(group)
                yield place

    def _history(self, query: Query) -> Histories:
        """First interactions with known products, oldest first; on day 0 where the query has no times."""
        days = [seconds // SECONDS_A_DAY for seconds in query.times] or [0] * len(query.products)
        first_days: dict[int, int] = {}
        for product_id, day in zip(query.products, days, strict=True):
            if product_id in self.catalogue.index:
                first_days.setdefault(self.catalogue.index[product_id], day)
        return Histories.of_one_customer([*first_days], [*first_days.values()], product_count=len(self.catalogue))


def _after(due: Sequence[DueProduct], ranking: Ranking) -> Ranking:
    """``ranking`` after the due products, which score 1, 2, 3, ... above it: only their order has a meaning."""
    products = np.array([found.product for found in due], np.int64)
    above = ranking.scores.max(initial=0) + np.arange(len(due), 0, -1, dtype=np.float32)
    return replace(
        ranking,
        products=np.concatenate([products, ranking.products]),
        scores=np.concatenate([above, ranking.scores]),
    )
