"""Fitting the hybrid: every scorer on what is known, the re-ranker on purchases hidden from them."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import note, timed
from recommender.config import RecommenderConfig
from recommender.knowledge.knowledge import Knowledge
from recommender.models import capacity
from recommender.models.candidate_generation import CandidateGenerator
from recommender.models.candidate_models import content
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from recommender.models.candidate_models.customer_groups import CustomerGroups, group_count
from recommender.models.candidate_models.customer_traits import CustomerTraits
from recommender.models.candidate_models.item_to_item import ItemToItemModels
from recommender.models.candidate_models.neighbour_building import build_neighbours
from recommender.models.candidate_models.popularity import Popularity
from recommender.models.histories import Histories
from recommender.models.hybrid import Hybrid
from recommender.models.model_data import ModelData
from recommender.models.network.network import Network
from recommender.models.products.attributes import Attribute, brand_codes, category_codes, section_codes
from recommender.models.products.visit_statistics import VisitStatistics
from recommender.models.ranker_training_levels import (
    HiddenPurchases,
    RankerTrainingLevel,
    hide_last_purchases,
    hide_random_shares,
)
from recommender.models.reranker.fitting import (
    RankingRows,
    fit_ranker,
    fit_ranker_with_trees,
    ranker_from_first_trees,
    train_booster,
)
from recommender.models.reranker.trees import Ranker

_Rows: TypeAlias = tuple[RankingRows, RankingRows]


class HybridFitter:
    """Fits hybrids on one data set, each candidate generator once however many hybrids need it."""

    def __init__(self, data: ModelData, config: RecommenderConfig) -> None:
        self.data = data
        self.config = config
        self.settings = config.model
        self.item_models = ItemToItemModels(data, config.model.families, config.seed)

    def fit_hybrids(self, histories: Histories, deeper: int = 1) -> list[Hybrid]:
        """The hybrid on ``histories`` (the data's customers), and on them less 1, ... ``deeper`` - 1 purchases.

        The re-ranker of each learns from candidate generators that were fitted with one and more purchases hidden.

        Raises:
            CapacityError: There is not the memory for it.
        """
        ranks = self.settings.ranker
        groups = group_count(self.data.profiles, self.settings.groups)
        capacity.check_memory(capacity.FittingSize.from_histories(histories, groups, self.data.baskets), self.settings)
        if not ranks.enabled:
            return [Hybrid(level.generator, None) for level in self._levels(histories, deeper)]
        shares = self._hides_shares(histories)
        generators: list[CandidateGenerator] = []
        rows: list[list[_Rows]] = []
        # A deeper level's generator is dropped as soon as its candidates are described: several would fill the memory.
        for depth, level in enumerate(self._levels(histories, deeper + (0 if shares else ranks.levels))):
            generators += [level.generator] if depth < deeper else []
            rows.append(self._split_rows(self._random_levels(level.histories) if shares else [level]))
        # Shares are hidden from each level's own histories; else each level is what one purchase hidden leaves.
        learnt_from = rows if shares else [[*chain(*rows[i + 1 : i + 1 + ranks.levels])] for i in range(deeper)]
        # LightGBM learns on one core, so that a busy machine does not stall it; several re-rankers run side by side, or
        # the two fits of one that is alone.
        with ThreadPoolExecutor(max_workers=2) as pool:
            alone = len(learnt_from) == 1
            rankers = [self._ranker(*learnt_from, beside=pool)] if alone else [*pool.map(self._ranker, learnt_from)]
        # Only the re-ranker uses the network: without a re-ranker it is left out.
        return [
            Hybrid(generator if ranker else replace(generator, network=None), ranker)
            for generator, ranker in zip(generators, rankers, strict=True)
        ]

    def learning_rows(self, histories: Histories) -> list[RankingRows]:
        """What the re-ranker of a hybrid on ``histories`` learns from, by level."""
        if self._hides_shares(histories):
            return [*self._described(self._random_levels(histories))]
        return [*self._described(self._levels(histories, 1 + self.settings.ranker.levels))]

    def fit_generator(self, histories: Histories) -> CandidateGenerator:
        """Every scorer fitted on ``histories``."""
        settings, catalogue = self.settings, self.data.catalogue
        families = settings.families
        return CandidateGenerator(
            settings=settings,
            neighbours=build_neighbours(
                self.item_models.fit(histories), families.model_dump(), families.neighbours, self.item_models.decay
            ),
            popularity=Popularity.fit(histories),
            visits=VisitStatistics.fit(histories),
            attributes={
                "brand": Attribute.fit(brand_codes(catalogue), histories),
                "category": Attribute.fit(category_codes(catalogue), histories),
                "section": Attribute.fit(section_codes(catalogue), histories),
            },
            price=catalogue.price,
            groups=CustomerGroups.fit(self.data.profiles, histories, settings.groups),
            concern_efficacy=self.concern_efficacy,
            traits=CustomerTraits.fit(self.data.profiles, histories, self.concern_efficacy, settings.groups),
        )

    def fit_network(self, histories: Histories) -> Network | None:
        """The sequence network alone on ``histories``; None where the data or the settings have none."""
        return self._networks([histories])[0]

    def _levels(self, histories: Histories, count: int) -> Iterator[RankerTrainingLevel]:
        """Candidate generators on the histories, on them less one purchase, less two, ..."""
        deepest_first = [*hide_last_purchases(histories, count)][::-1]
        # The one with the fewest purchases comes first: the next one has all of these and more, and goes on from it.
        networks = self._networks([part.known for part in deepest_first])
        return self._fitted(deepest_first[::-1], networks[::-1])

    def _networks(self, chain: list[Histories]) -> list[Network | None]:
        """A network on each of the histories, see ``fit_networks``; none where there is too little to learn from."""
        if not self._has_network:
            return [None] * len(chain)
        from recommender.models.network.fitting import fit_networks  # imports JAX, which only a network needs

        with timed("fitted networks", rows=sum(len(histories.products) for histories in chain)):
            return [*fit_networks(chain, self._text_vectors, self.settings.network, self.config.seed)]

    @cached_property
    def _has_network(self) -> bool:
        settings = self.settings.network
        pairs = len(self.data.histories.products) - len(self.data.histories)
        if settings.enabled and pairs < settings.least_pairs:
            note("no network: too few purchases that follow another one", pairs=pairs)
        return settings.enabled and self.settings.ranker.enabled and pairs >= settings.least_pairs

    def _random_levels(self, histories: Histories) -> Iterator[RankerTrainingLevel]:
        """Candidate generators on the histories less a random share of each customer's purchases, another draw each."""
        parts = [*hide_random_shares(histories, self.settings.ranker, self.config.seed)]
        # What one draw hides another knows: each network begins anew.
        return self._fitted(parts, [network for part in parts for network in self._networks([part.known])])

    def _hides_shares(self, histories: Histories) -> bool:
        return self.settings.ranker.hidden_share > 0 and not histories.has_days

    def fit_level(self, histories: Histories, hidden: NDArray[np.bool_]) -> RankerTrainingLevel:
        """A candidate generator on the histories less the entries that are ``hidden``, bool[entries]."""
        part = HiddenPurchases.from_mask(histories, hidden)
        return next(self._fitted([part], self._networks([part.known])))

    def _fitted(self, parts: list[HiddenPurchases], networks: list[Network | None]) -> Iterator[RankerTrainingLevel]:
        for part, network in zip(parts, networks, strict=True):
            with timed("fitted candidate generator", hidden=len(part.hidden.products), rows=len(part.known.products)):
                generator = self.fit_generator(part.known)
            yield RankerTrainingLevel(replace(generator, network=network), part.known, part.hidden)

    def _ranker(self, levels: list[_Rows], beside: Executor | None = None) -> Ranker | None:
        """The re-ranker, or None where it cannot be learnt or does not beat the blend on customers it has not seen.

        These customers decide how many trees help; then as many are learnt from everybody. Where there is an executor
        to do it ``beside``, all trees are learnt from everybody meanwhile, and the first of them are the same ones.
        """
        settings, seed = self.settings.ranker, self.config.seed
        seen, unseen = [part for part, _ in levels], [part for _, part in levels]
        customers = sum(len(part.groups) for part in [*seen, *unseen])
        if customers < settings.minimum_groups:
            note("no re-ranker: too few hidden purchases among the candidates", customers=customers)
            return None
        with timed("fitted re-ranker", customers=customers, rows=sum(len(part.hit) for part in seen)) as figures:
            all_trees = (
                beside.submit(train_booster, [*seen, *unseen], settings.trees, settings, seed) if beside else None
            )
            ranker = fit_ranker(seen, unseen, settings, seed)
            figures["trees"] = len(ranker.trees)
            asked = RankingRows.concatenated(unseen)
            better = asked.ndcg(ranker.scores(asked.features)) - asked.ndcg(asked.features["blend"])
            figures["ndcg_gain"] = round(better, 4)
            if better <= 0:
                return None
            if all_trees is not None:
                return ranker_from_first_trees(all_trees.result(), len(ranker.trees))
            return fit_ranker_with_trees([*seen, *unseen], len(ranker.trees), settings, seed)

    def _described(self, levels: Iterable[RankerTrainingLevel]) -> Iterator[RankingRows]:
        """Where customers have few purchases, the deeper levels have none left to hide."""
        return (self.ranking_rows(level) for level in levels if len(level.hidden.products))

    def _split_rows(self, levels: Iterable[RankerTrainingLevel]) -> list[_Rows]:
        """Each level's rows, the larger part to learn from and the unseen customers."""
        unseen = self.settings.ranker.unseen
        return [rows.split_off(unseen, self.config.seed) for rows in self._described(levels)]

    def ranking_rows(self, level: RankerTrainingLevel) -> RankingRows:
        """What a re-ranker learns from one level, see :meth:`RankerTrainingLevel.rows`."""
        return level.rows(self.data.profiles, self.settings.ranker, self.config.seed)

    @cached_property
    def concern_efficacy(self) -> ConcernEfficacy:
        """What each product does for each concern."""
        return ConcernEfficacy.fit(self.data.catalogue, Knowledge.load())

    @cached_property
    def _text_vectors(self) -> NDArray[np.float32]:
        return content.text_vectors(self.item_models.text_matrix, self.settings.network.text_width, self.config.seed)
