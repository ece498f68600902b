"""Brands and categories that stand in tables of their own, so that products only have their numbers."""

from collections.abc import Iterator
from typing import Final

from recommender.contract import columns as c
from recommender.onboarding.matching.candidates import Candidate, Tables
from recommender.onboarding.matching.keys import Keys
from recommender.onboarding.matching.scores import score
from recommender.onboarding.matching.words.terms import Name, compared, likeness
from recommender.onboarding.proposal import Guess, Join

_NUMBERED: Final = frozenset(("id", "code", "number", "key", "fk"))
_SURE: Final = 0.6
_NAMED: Final = 0.4
_JOINS: Final = 0.9


def looked_up(products: Candidate, tables: Tables, keys: Keys) -> Iterator[tuple[Join, Guess]]:
    """Joins that bring the names of what products have only the numbers of."""
    for ours in (c.BRAND, c.CATEGORY):
        if products.sureness(ours) >= _SURE:
            continue
        found = (pair for column in _numbers(products, ours) for pair in _names(products, column, ours, tables, keys))
        if (pair := next(found, None)) is not None:
            yield pair


def _numbers(products: Candidate, ours: str) -> Iterator[str]:
    """Columns such as brand_id."""
    for column in products.profiles:
        words = compared(column).words
        if len(words) > 1 and words[-1] in _NUMBERED and likeness(Name(words[:-1], "".join(words[:-1])), ours) > _JOINS:
            yield column


def _names(products: Candidate, column: str, ours: str, tables: Tables, keys: Keys) -> Iterator[tuple[Join, Guess]]:
    for other in tables.found:
        if other is products.found or not compared(other.words).squeezed.startswith(compared(column).words[0][:4]):
            continue
        profiles = tables.profiles(other)
        worth = {one: max(score(profiles[one], key, c.PRODUCTS) for key in (c.NAME, ours)) for one in profiles}
        name = max((one for one in profiles if not profiles[one].numeric), key=lambda one: worth[one], default=None)
        ids = [one for one in profiles if profiles[one].unique > _JOINS and one != name]
        theirs = max(ids, key=lambda one: keys.overlap(products.found, column, other, one), default=None)
        if name is None or theirs is None or worth[name] < _NAMED:
            continue
        share = keys.overlap(products.found, column, other, theirs)
        if share > _JOINS:
            why = f"{share:.0%} of the values of {column} looked at are in {theirs} of {other.name}"
            join = Join(other, {column: theirs}, ours, (theirs, name), why)
            yield join, Guess(ours, {"from": f"{ours}.{name}"}, 0.8, f"the name in {other.name}")
