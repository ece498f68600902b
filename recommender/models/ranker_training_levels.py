"""The re-ranker's training data: candidate generators that some purchases were hidden from, one a level."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from infrastructure.progress import counted, timed
from recommender.config.model import RankerSettings
from recommender.contract.query import Profile
from recommender.models.candidate_generation import CandidateGenerator
from recommender.models.histories import Histories, at_most
from recommender.models.reranker.features import Features
from recommender.models.reranker.fitting import RankingRows

_CUSTOMERS_AT_ONCE = 256


@dataclass(frozen=True)
class HiddenPurchases:
    """Histories less some entries, and those entries."""

    known: Histories
    hidden: Histories

    @classmethod
    def from_mask(cls, histories: Histories, hidden: NDArray[np.bool_]) -> Self:
        """Parted by whether each entry is ``hidden``, bool[entries]."""
        return cls(histories.keep(~hidden), histories.keep(hidden))


@dataclass(frozen=True)
class RankerTrainingLevel:
    """A candidate generator, the histories it was fitted on, and the purchases of the same customers hidden from it."""

    generator: CandidateGenerator
    histories: Histories
    hidden: Histories

    def rows(self, profiles: list[Profile], settings: RankerSettings, seed: int) -> RankingRows:
        """The candidates of customers with a hidden purchase among them: of ``most_customers`` of these, drawn by seed.

        There is one profile a customer of the histories.
        """
        hiding = np.flatnonzero(self.hidden.lengths > 0)
        drawn = at_most(hiding, settings.most_customers, seed)
        batches = np.array_split(drawn, max(1, len(drawn) // _CUSTOMERS_AT_ONCE))
        with timed("described candidates", customers=len(drawn)):
            told = counted(batches, "describing candidates", len(batches), "batches")
            return RankingRows.concatenated([self._batch_rows(batch, profiles) for batch in told])

    def _batch_rows(self, customers: NDArray[np.int64], profiles: list[Profile]) -> RankingRows:
        whole = self.histories.select(customers)
        histories = whole.recent(self.generator.settings.families.history)
        own_profiles = [profiles[i] for i in customers.tolist()]
        candidates, found_by = self.generator.candidates(histories, own_profiles, [~used for used in _used(whole)])
        hit = _used(self.hidden.select(customers))[candidates.owners, candidates.products]
        found = np.bincount(candidates.owners[hit], minlength=len(customers)) > 0
        kept = found[candidates.owners]
        features = self.generator.features(histories, own_profiles, candidates, found_by)
        return RankingRows.from_features(
            Features(features.names, features.block[:, kept]), hit[kept], candidates.lengths[found]
        )


def hide_last_purchases(histories: Histories, count: int) -> Iterator[HiddenPurchases]:
    """The histories, then less the last purchase, less the last two, ...; what each hides the one before it kept."""
    hidden = np.zeros(len(histories.products), np.bool_)
    for _ in range(count):
        part = HiddenPurchases.from_mask(histories, hidden)
        yield part
        histories = part.known
        hidden = histories.is_last


def hide_random_shares(histories: Histories, settings: RankerSettings, seed: int) -> Iterator[HiddenPurchases]:
    """The histories less a random share of each customer's purchases, another draw each time."""
    for draw in range(settings.levels):
        yield HiddenPurchases.from_mask(
            histories, histories.random_entries(settings.hidden_share, np.random.default_rng([seed, draw]))
        )


def _used(histories: Histories) -> NDArray[np.bool_]:
    """bool[customers, products]: whether each has used each."""
    used = np.zeros((len(histories), histories.product_count), np.bool_)
    used[histories.owners, histories.products] = True
    return used
