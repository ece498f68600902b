"""Fitting the hybrid: every scorer on what is known, the re-ranker on purchases hidden from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender import columns as c
from recommender.config import Config
from recommender.config.model import FamilySettings
from recommender.knowledge.knowledge import Knowledge
from recommender.models import capacity, content, transitions
from recommender.models.als import als
from recommender.models.attributes import Attribute, brand_codes, category_codes, section_codes
from recommender.models.bm25 import bm25
from recommender.models.data import ModelData
from recommender.models.ease import ease
from recommender.models.first_stage import FirstStage
from recommender.models.groups import Groups
from recommender.models.histories import Histories, at_most
from recommender.models.hybrid import Hybrid
from recommender.models.needs import Needs
from recommender.models.neighbours import Neighbours
from recommender.models.network import Network
from recommender.models.popularity import Popularity
from recommender.models.ranker import Ranker, RankingRows
from recommender.models.similarity import Matrix
from recommender.models.traits import Traits
from recommender.progress import note, timed

_CUSTOMERS_AT_ONCE = 256

_BY_TIME = ("followed_by", "preceded_by", "bought_close")
"""Families that make something of the order of purchases, which data without dates does not tell."""


@dataclass(frozen=True)
class Level:
    """A first stage, the histories it was fitted on, and the purchases of the same customers hidden from it."""

    stage: FirstStage
    histories: Histories
    hidden: Histories


@dataclass(frozen=True)
class _Part:
    """Histories less some entries, and those entries."""

    kept: Histories
    hidden: Histories

    @classmethod
    def of(cls, histories: Histories, hidden: NDArray[np.bool_]) -> "_Part":
        return cls(histories.keep(~hidden), histories.keep(hidden))


_Rows: TypeAlias = tuple[RankingRows, RankingRows]


class Fitter:
    """Fits hybrids on one data set, each first stage once however many hybrids need it."""

    def __init__(self, data: ModelData, config: Config) -> None:
        self.data = data
        self.config = config
        self.settings = config.model

    def hybrids(self, histories: Histories, deeper: int = 1) -> list[Hybrid]:
        """The hybrid on ``histories`` (the data's customers), and on them less 1, ... ``deeper`` - 1 purchases.

        The re-ranker of each learns from first stages that were fitted with one and more purchases hidden.

        Raises:
            CapacityError: There is not the memory for it.
        """
        ranks = self.settings.ranker
        capacity.check(len(self.data.catalogue), len(histories), self.settings)
        if not ranks.enabled:
            return [Hybrid(level.stage, None) for level in self._levels(histories, deeper)]
        shares = self._hides_shares(histories)
        stages: list[FirstStage] = []
        rows: list[list[_Rows]] = []
        # A deeper level's first stage goes as soon as it has described its candidates: several would fill the memory.
        for depth, level in enumerate(self._levels(histories, deeper + (0 if shares else ranks.levels))):
            stages += [level.stage] if depth < deeper else []
            rows.append(self._parted(self._random_levels(level.histories) if shares else [level]))
        # Shares are hidden from each level's own histories; else each level is what one purchase hidden leaves.
        learnt_from = rows if shares else [[*chain(*rows[i + 1 : i + 1 + ranks.levels])] for i in range(deeper)]
        # LightGBM learns on one core, so that a busy machine does not stall it; several re-rankers run side by side.
        with ThreadPoolExecutor(max_workers=2) as pool:
            rankers = list(pool.map(self._ranker, learnt_from))
        return [_hybrid(stage, ranker) for stage, ranker in zip(stages, rankers, strict=True)]

    def learning_rows(self, histories: Histories) -> list[RankingRows]:
        """What the re-ranker of a hybrid on ``histories`` learns from, by level."""
        if self._hides_shares(histories):
            return [*self._described(self._random_levels(histories))]
        return [*self._described(self._levels(histories, 1 + self.settings.ranker.levels))]

    def similarities(self, histories: Histories) -> dict[str, Matrix]:
        """Each item-to-item family of weight above 0, fitted: product × product."""
        found: dict[str, Matrix] = {}
        for name, fit in self.families(histories).items():
            with timed(f"fitted {name}"):
                found[name] = fit()
        return found

    def first_stage(self, histories: Histories) -> FirstStage:
        """Every scorer fitted on ``histories``."""
        settings, catalogue = self.settings, self.data.catalogue
        families = settings.families
        return FirstStage(
            settings=settings,
            neighbours=Neighbours.build(
                self.similarities(histories), families.model_dump(), families.neighbours, self.decay
            ),
            popularity=Popularity.fit(histories),
            attributes={
                "brand": Attribute.fit(brand_codes(catalogue), histories),
                "category": Attribute.fit(category_codes(catalogue), histories),
                "section": Attribute.fit(section_codes(catalogue), histories),
            },
            price=catalogue.price,
            groups=Groups.fit(self.data.profiles, histories, settings.groups),
            needs=self._needs,
            traits=Traits.fit(self.data.profiles, histories, settings.groups),
        )

    def _levels(self, histories: Histories, count: int) -> Iterator[Level]:
        """First stages on the histories, on them less one purchase, less two, ..."""
        parts: list[_Part] = []
        hidden = np.zeros(len(histories.products), np.bool_)
        for _ in range(count):
            parts.append(_Part.of(histories, hidden))
            histories = parts[-1].kept
            hidden = histories.is_last
        return self._fitted(parts)

    def _networks(self, levels: list[Histories]) -> list[Network | None]:
        """A network on each level's histories; on none where the data has too little for it to learn from."""
        if not self._has_network:
            return [None] * len(levels)
        # Each fit has one thread, see network_fitting.
        with ThreadPoolExecutor(max_workers=2) as pool:
            return list(pool.map(self._network, levels))

    def _network(self, histories: Histories) -> Network:
        from recommender.models.network_fitting import fit_network  # JAX: only who fits a network waits for it

        texts = self._text_vectors
        with timed("fitted network", rows=len(histories.products)):
            return fit_network(histories, texts, self.settings.network, self.config.seed)

    @cached_property
    def _has_network(self) -> bool:
        settings = self.settings.network
        pairs = len(self.data.histories.products) - len(self.data.histories)
        if settings.enabled and pairs < settings.least_pairs:
            note("no network: too few purchases that follow another one", pairs=pairs)
        return settings.enabled and self.settings.ranker.enabled and pairs >= settings.least_pairs

    def _random_levels(self, histories: Histories) -> Iterator[Level]:
        """First stages on the histories less a random share of each customer's purchases, another draw each."""
        ranks = self.settings.ranker
        draws = [np.random.default_rng([self.config.seed, draw]) for draw in range(ranks.levels)]
        return self._fitted([_Part.of(histories, histories.some(ranks.hidden_share, rng)) for rng in draws])

    def _hides_shares(self, histories: Histories) -> bool:
        return self.settings.ranker.hidden_share > 0 and not histories.has_days

    def level(self, histories: Histories, hidden: NDArray[np.bool_]) -> Level:
        """A first stage on the histories less the entries that are ``hidden``, bool[entries]."""
        return next(self._fitted([_Part.of(histories, hidden)]))

    def _fitted(self, parts: list[_Part]) -> Iterator[Level]:
        networks = self._networks([part.kept for part in parts])
        for part, network in zip(parts, networks, strict=True):
            yield Level(replace(self._stage(part), network=network), part.kept, part.hidden)

    def _stage(self, part: _Part) -> FirstStage:
        with timed("fitted first stage", hidden=len(part.hidden.products), rows=len(part.kept.products)):
            return self.first_stage(part.kept)

    def _ranker(self, levels: list[_Rows]) -> Ranker | None:
        """The re-ranker, or None where it cannot be learnt or does not beat the blend on customers it has not seen."""
        settings = self.settings.ranker
        seen, unseen = [part for part, _ in levels], [part for _, part in levels]
        customers = sum(len(part.groups) for part in [*seen, *unseen])
        if customers < settings.minimum_groups:
            note("no re-ranker: too few hidden purchases among the candidates", customers=customers)
            return None
        with timed("fitted re-ranker", customers=customers, rows=sum(len(part.hit) for part in seen)) as figures:
            ranker = Ranker.fit(seen, unseen, settings, self.config.seed)
            figures["trees"] = ranker.model.num_trees()
            asked = RankingRows.joined(unseen)
            better = asked.ndcg(ranker.scores(asked.features)) - asked.ndcg(asked.features["blend"])
            figures["ndcg_gain"] = round(better, 4)
        return ranker if better > 0 else None

    def _described(self, levels: Iterable[Level]) -> Iterator[RankingRows]:
        """Where customers have few purchases, the deeper levels have none left to hide."""
        return (self.rows(level) for level in levels if len(level.hidden.products))

    def _parted(self, levels: Iterable[Level]) -> list[_Rows]:
        """Each level's rows, the larger part to learn from and the unseen customers."""
        unseen = self.settings.ranker.unseen
        return [rows.parted(unseen, self.config.seed) for rows in self._described(levels)]

    def rows(self, level: Level) -> RankingRows:
        """The candidates of customers with a hidden purchase among them: of all, or of as many as are learnt from."""
        hiding = np.flatnonzero(level.hidden.lengths > 0)
        asked = at_most(hiding, self.settings.ranker.most_customers, self.config.seed)
        batches = np.array_split(asked, max(1, len(asked) // _CUSTOMERS_AT_ONCE))
        with timed("described candidates", customers=len(asked)):
            return RankingRows.joined([self._batch_rows(level, batch) for batch in batches])

    def _batch_rows(self, level: Level, customers: NDArray[np.int64]) -> RankingRows:
        whole = level.histories.select(customers)
        histories = whole.recent(self.settings.families.history)
        profiles = [self.data.profiles[i] for i in customers.tolist()]
        candidates, found_by = level.stage.candidates(histories, profiles, [~used for used in _used(whole)])
        hit = _used(level.hidden.select(customers))[candidates.owners, candidates.products]
        found = np.bincount(candidates.owners[hit], minlength=len(customers)) > 0
        kept = found[candidates.owners]
        features = level.stage.features(histories, profiles, candidates, found_by)
        return RankingRows.of(
            {name: column[kept] for name, column in features.items()}, hit[kept], candidates.lengths[found]
        )

    def families(self, histories: Histories, every: bool = False) -> dict[str, Callable[[], Matrix]]:
        """What fits each item-to-item family of weight above 0, or ``every`` one that this data can have."""
        settings = self.settings.families
        fits: Mapping[str, Callable[[], Matrix]] = {
            "followed_by": lambda: transitions.followed_by(histories, settings.step_decay),
            "preceded_by": lambda: transitions.preceded_by(histories, settings.step_decay),
            "bought_together": lambda: transitions.bought_together(histories),
            "bought_close": lambda: transitions.bought_close(histories, settings.close_days),
            "bm25": lambda: bm25(histories, settings.neighbours),
            "als": lambda: als(histories, settings.neighbours, self.config.seed),
            "ease": lambda: ease(histories, settings.ease_regularisation, settings.neighbours),
            "content": lambda: self._content,
            "title": lambda: self._title,
        }
        return {
            name: fit
            for name, fit in fits.items()
            if (every or settings.model_dump()[name] > 0) and self._is_possible(name, settings)
        }

    @property
    def decay(self) -> float:
        """Weight of a purchase against the next one: without dates their order says nothing."""
        return self.settings.families.decay if self.data.histories.has_days else 1.0

    def _is_possible(self, name: str, settings: FamilySettings) -> bool:
        if name in _BY_TIME and not self.data.histories.has_days:
            return False
        if name == "ease" and len(self.data.catalogue) > settings.ease_most_products:
            note("EASE left out: the catalogue is too large for it", products=len(self.data.catalogue))
            return False
        return True

    @cached_property
    def _needs(self) -> Needs:
        return Needs.fit(self.data.catalogue, Knowledge.load())

    @cached_property
    def _content(self) -> Matrix:
        return content.likeness(self._text_matrix, self.settings.families.neighbours)

    @cached_property
    def _title(self) -> Matrix:
        return content.likeness(
            content.text_matrix({c.NAME: self.data.texts[c.NAME]}), self.settings.families.neighbours
        )

    @cached_property
    def _text_vectors(self) -> NDArray[np.float32]:
        return content.text_vectors(self._text_matrix, self.settings.network.text_width, self.config.seed)

    @cached_property
    def _text_matrix(self) -> Matrix:
        return content.text_matrix(self.data.texts)


def _hybrid(stage: FirstStage, ranker: Ranker | None) -> Hybrid:
    """What the network says is the re-ranker's to weigh: without one it goes."""
    return Hybrid(stage if ranker else replace(stage, network=None), ranker)


def _used(histories: Histories) -> NDArray[np.bool_]:
    """bool[customers, products]: whether each has used each."""
    used = np.zeros((len(histories), histories.product_count), np.bool_)
    used[histories.owners, histories.products] = True
    return used
