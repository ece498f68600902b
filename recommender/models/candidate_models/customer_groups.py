"""Customer groups: what people of one skin type, age band and region buy, for customers without history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.config.model import GroupSettings
from recommender.contract.query import Profile
from recommender.models.bundle import ArrayParts
from recommender.models.histories import Histories

Key = tuple[str, ...]
"""Skin type, age band and region, of which the coarser groups leave the last ones out."""


@dataclass(frozen=True)
class CustomerGroups(ArrayParts):
    """Shares of each group's purchases by product, coarse to fine, each shrunk towards the coarser one.

    Empirical-Bayes shrinkage as in Efron and Morris, "Stein's Estimation Rule and Its Competitors" (JASA 1973):
    a group's counts plus ``shrinkage`` purchases spread like the coarser group's shares.

    Attributes:
        keys: Every group that had enough customers; () is all customers.
        shares: float32[groups, products]; each row adds up to 1 (or 0 without any purchase).
        settings: Age bands, shrinkage and smallest group.
    """

    keys: tuple[Key, ...]
    shares: NDArray[np.float32]
    settings: GroupSettings

    @classmethod
    def fit(cls, profiles: Sequence[Profile], histories: Histories, settings: GroupSettings) -> Self:
        """Count purchases by group; ``profiles`` are those of the histories' customers, in their order."""
        members = _members(profiles, settings)
        used = histories.matrix()
        shares: dict[Key, NDArray[np.float32]] = {}
        for key in _large_enough(members, settings):
            counts = np.asarray(used[members[key]].sum(axis=0), np.float64).ravel()
            coarser = shares.get(_coarser(key, shares)) if key else None
            shares[key] = _shrunk(counts, coarser, settings.shrinkage)
        return cls(tuple(shares), np.stack([*shares.values()]), settings)

    def scores(self, profile: Profile) -> NDArray[np.float32]:
        """Shares of the finest group there is for a profile, float32[products]."""
        return self.shares[self._rows[self.key(profile)]]

    def key(self, profile: Profile) -> Key:
        """The finest group there is for a profile; () where there is none."""
        return _coarser((*_parts(profile, self.settings), ""), self._rows)

    @cached_property
    def _rows(self) -> dict[Key, int]:
        return {key: row for row, key in enumerate(self.keys)}


def group_count(profiles: Sequence[Profile], settings: GroupSettings) -> int:
    """How many groups these customers make."""
    return len(_large_enough(_members(profiles, settings), settings))


def age_band(age: int | None, bands: Sequence[int]) -> str:
    """The band an age is in, by its lower bound ("25+"); "" where the age is not known."""
    if age is None:
        return ""
    below = [band for band in bands if band <= age]
    return f"{below[-1]}+" if below else f"under {bands[0]}"


def _parts(profile: Profile, settings: GroupSettings) -> Key:
    return (profile.skin_type or "", age_band(profile.age, settings.age_bands), profile.region or "")


def _coarser(key: Key, there: Mapping[Key, object]) -> Key:
    """The longest proper beginning of ``key`` that is there; () is always."""
    beginnings = (key[:length] for length in range(len(key) - 1, 0, -1))
    return next((part for part in beginnings if part in there), ())


def _members(profiles: Sequence[Profile], settings: GroupSettings) -> dict[Key, list[int]]:
    """Customers of every group, coarse and fine; whose first part is not known are in () alone."""
    members: dict[Key, list[int]] = {(): []}
    for customer, profile in enumerate(profiles):
        parts = _parts(profile, settings)
        for length in range(len(parts) + 1):
            if all(parts[:length]):
                members.setdefault(parts[:length], []).append(customer)
    return members


def _large_enough(members: Mapping[Key, Sequence[int]], settings: GroupSettings) -> list[Key]:
    """Groups of enough customers, coarse before fine; all customers are always one."""
    kept = (key for key, who in members.items() if not key or len(who) >= settings.minimum)
    return sorted(kept, key=lambda key: (len(key), key))


def _shrunk(counts: NDArray[np.float64], coarser: NDArray[np.float32] | None, shrinkage: float) -> NDArray[np.float32]:
    if coarser is None:
        return (counts / max(counts.sum(), 1)).astype(np.float32)
    return ((counts + shrinkage * coarser) / (counts.sum() + shrinkage)).astype(np.float32)
