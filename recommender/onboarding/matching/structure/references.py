"""Columns whose values are keys of another table: foreign keys, found by what they hold and told by their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from recommender.contract import columns as c
from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.matching.candidates import Tables
from recommender.onboarding.matching.fits import NEVER, fit
from recommender.onboarding.matching.keys import Keys
from recommender.onboarding.matching.words.terms import abbreviates, compared
from recommender.onboarding.profiling.profile import Profile

_ONCE: Final = 0.98
_WITHIN: Final = 0.9
_SHARED: Final = 0.2
"""Of two samples of large tables so much of one's keys is found in the other."""
_DIFFERENT: Final = 5
"""So many different codes have to be found again before they tell without a name: 1, 2, 3 are in every table."""
_BARE: Final = frozenset(("id", "code", "number", "key", "sk", "fk", "pk", "uuid"))
_PLURAL: Final = re.compile("(ies|es|s|en|e|i)$")


@dataclass(frozen=True)
class Reference:
    """A column that holds keys of another table.

    Attributes:
        share: Of its values, those that the key has.
    """

    found: FoundTable
    column: str
    other: FoundTable
    key: str
    share: float


def references(tables: Tables, keys: Keys) -> list[Reference]:
    """All columns that hold keys of another table."""
    unique = [(other, key) for other in tables.found for key in _unique_keys(tables, other)]
    return [
        reference
        for found in tables.found
        for other, key in unique
        if other is not found
        for reference in _to(tables, keys, found, other, key)
    ]


def _unique_keys(tables: Tables, found: FoundTable) -> list[str]:
    return [
        name
        for name, profile in tables.profiles(found).items()
        if profile.unique > _ONCE and profile.distinct > 1 and profile.missing < 0.1 and _is_key(profile)
    ]


def _is_key(profile: Profile) -> bool:
    return fit(profile, c.PRODUCT_ID) > NEVER and not profile.emails and (profile.numeric or profile.words < 2)


def _to(tables: Tables, keys: Keys, found: FoundTable, other: FoundTable, key: str) -> Iterator[Reference]:
    theirs = tables.profiles(other)[key]
    for name, profile in tables.profiles(found).items():
        if profile.distinct < 2 or profile.numeric != theirs.numeric or not _is_key(profile):
            continue
        named = is_named_after(name, other, key)
        if not named and (profile.numeric or profile.distinct < _DIFFERENT):
            continue
        share = keys.overlap(found, name, other, key)
        if share >= (_SHARED if named and not other.whole else _WITHIN):
            yield Reference(found, name, other, key, share)


def is_named_after(column: str, other: FoundTable, key: str) -> bool:
    """Whether a column has the name of another table's key, or of the table itself: track_id of tracks."""
    mine, its = compared(column), compared(key)
    if set(mine.words) <= _BARE:  # Every table has an id.
        return False
    if mine.squeezed == its.squeezed or abbreviates(mine, its):
        return True
    stem = "".join(word for word in mine.words if word not in _BARE)
    about = _PLURAL.sub("", compared(other.words).squeezed.removeprefix("dim").removeprefix("table"))
    return len(about) > 2 and bool(set(its.words) & _BARE) and _PLURAL.sub("", stem) == about
