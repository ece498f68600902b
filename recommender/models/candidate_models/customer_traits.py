"""Naive Bayes over customers' traits: what each trait says about purchases, added up; any subset may be known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import GroupSettings
from recommender.contract.query import Profile
from recommender.models.bundle import ArrayParts
from recommender.models.candidate_models.concern_efficacy import ConcernEfficacy
from recommender.models.candidate_models.customer_groups import age_band
from recommender.models.histories import Histories

Trait = tuple[str, str]
"""What is known ("skin type", "age", "region", "concern") and its value."""

CONCERN = "concern"


@dataclass(frozen=True)
class CustomerTraits(ArrayParts):
    """How much more often customers with a trait buy each product than everybody does.

    A log-linear model: the odds of a product are everybody's, times what each known trait multiplies them by, as if
    traits acted apart from each other (naive Bayes). Unlike groups of several traits together, each trait is counted
    over all customers who have it, and counts whether or not the others are known. Each trait's shares are shrunk
    towards everybody's; those of a concern towards everybody's raised by how well a product's ingredients serve it, so
    that ingredients decide where there are few purchases.

    Attributes:
        traits: Those that enough customers have, in the order of the rows.
        lifts: float32[traits, products]; logarithm of the share among their purchases over everybody's share.
        overall: float32[products]; everybody's shares, a product without purchases counted as bought once.
        settings: Age bands, weights and smallest group.
    """

    traits: tuple[Trait, ...]
    lifts: NDArray[np.float32]
    overall: NDArray[np.float32]
    settings: GroupSettings

    @classmethod
    def fit(
        cls,
        profiles: Sequence[Profile],
        histories: Histories,
        concern_efficacy: ConcernEfficacy,
        settings: GroupSettings,
    ) -> Self:
        """Count purchases by trait; ``profiles`` are those of the histories' customers, in their order."""
        used = histories.matrix()
        counts = np.maximum(np.asarray(used.sum(axis=0), np.float64).ravel(), 1)
        overall = counts / counts.sum()
        members: dict[Trait, list[int]] = {}
        for customer, profile in enumerate(profiles):
            for trait in _traits(profile, settings):
                members.setdefault(trait, []).append(customer)
        traits = tuple(sorted(trait for trait, who in members.items() if len(who) >= settings.minimum))
        lifts = np.zeros((len(traits), len(overall)), np.float32)
        for row, trait in enumerate(traits):
            bought = np.asarray(used[members[trait]].sum(axis=0), np.float64).ravel()
            mixed = bought + settings.trait_shrinkage * _expected(trait, overall, concern_efficacy)
            lifts[row] = np.log(mixed / mixed.sum() / overall)
        return cls(traits, lifts, overall.astype(np.float32), settings)

    def known(self, profile: Profile) -> tuple[Trait, ...]:
        """The profile's traits that the model knows."""
        return tuple(trait for trait in _traits(profile, self.settings) if trait in self._rows)

    def lift(self, trait: Trait, products: slice = slice(None)) -> NDArray[np.float32]:
        """Logarithm of what a known trait multiplies the odds of products by, float32[products]."""
        weight = self.settings.concern_weight if trait[0] == CONCERN else 1.0
        return self.lifts[self._rows[trait], products] * np.float32(weight)

    def scores(self, profile: Profile) -> NDArray[np.float32]:
        """Odds of each product, float32[products]; everybody's shares where nothing is known."""
        total = np.zeros(len(self.overall), np.float32)
        for trait in self.known(profile):
            total += self.lift(trait)
        return self.overall * np.exp(total)

    @cached_property
    def _rows(self) -> dict[Trait, int]:
        return {trait: row for row, trait in enumerate(self.traits)}


def _expected(trait: Trait, overall: NDArray[np.float64], concern_efficacy: ConcernEfficacy) -> NDArray[np.float64]:
    """Shares of the purchases of customers with the trait, before any is counted: float64[products]."""
    name, value = trait
    raised = overall * (1 + concern_efficacy.match([value])) if name == CONCERN else overall
    return raised / raised.sum()


def _traits(profile: Profile, settings: GroupSettings) -> Iterator[Trait]:
    if profile.skin_type:
        yield "skin type", profile.skin_type
    if band := age_band(profile.age, settings.age_bands):
        yield "age", band
    if profile.region:
        yield "region", profile.region
    for concern in dict.fromkeys(profile.concerns):
        yield CONCERN, concern
