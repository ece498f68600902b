"""Which of several ids in one table is the one that is meant: what they repeat with tells them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from recommender.contract import columns as c
from recommender.onboarding.matching.scores import Scores
from recommender.onboarding.profiling.profile import Profile

_LIKELY: Final = 0.5
_ONCE: Final = 0.98
_REPEATED: Final = 0.95
_ONE_EACH: Final = 0.97
_FILLED: Final = 0.005
_LESS: Final = 0.6
_NEVER_AGAIN: Final = 0.4
_ENOUGH: Final = 50
_ROWS: Final = 20_000


def settled_ids(frame: pd.DataFrame, profiles: Mapping[str, Profile], scores: Scores) -> Scores:
    """The scores, with ids that cannot be meant beside a better one less sure."""
    rows = frame.iloc[:_ROWS]
    cells = dict(scores.cells)
    for pair, factor in (_lines(rows, profiles, scores) | _of_products(rows, profiles, scores)).items():
        cells[pair] *= factor
    return replace(scores, cells=cells)


def _likely(scores: Scores, ours: str) -> list[str]:
    return [column for (column, key), score in scores.cells.items() if key == ours and score >= _LIKELY]


def _lines(rows: pd.DataFrame, profiles: Mapping[str, Profile], scores: Scores) -> dict[tuple[str, str], float]:
    """An order is shared by the lines that one customer bought at a time; the number of a line is there once."""
    orders = _likely(scores, c.TRANSACTION_ID)
    once = [name for name in orders if profiles[name].unique > _ONCE]
    customer, sure = scores.best(c.CUSTOMER_ID)
    shared = [name for name in orders if profiles[name].unique < _REPEATED and profiles[name].missing < 0.1]
    if customer is None or sure < _LIKELY or not once:
        return {}
    if not any(name != customer and _has_one(rows, name, customer) for name in shared):
        return {}
    return {(name, c.TRANSACTION_ID): _LESS for name in once}


def _of_products(rows: pd.DataFrame, profiles: Mapping[str, Profile], scores: Scores) -> dict[tuple[str, str], float]:
    """A product's id is always there, and each stands beside one name."""
    ids = _likely(scores, c.PRODUCT_ID)
    if scores.table == c.TRANSACTIONS and (never := [name for name in ids if _is_never_again(profiles[name])]):
        return {(name, c.PRODUCT_ID): _NEVER_AGAIN for name in never}
    if len(ids) < 2:
        return {}
    filled = [name for name in ids if profiles[name].missing <= _FILLED]
    names = _likely(scores, c.NAME)
    lacking = [name for name in ids if name not in filled] if filled else []
    several = _several(rows, ids, names[0]) if len(names) == 1 else []
    titles = [name for name in ids if name in names] if set(ids) - set(names) else []
    return {(name, c.PRODUCT_ID): _LESS for name in (*lacking, *several, *titles)}


def _is_never_again(profile: Profile) -> bool:
    """Whether no product would have been sold twice: the reference of an order."""
    return profile.unique > _ONCE and profile.rows > _ENOUGH


def _several(rows: pd.DataFrame, ids: Sequence[str], name: str) -> list[str]:
    """Ids of more than one name, where another id has only one."""
    rest = [column for column in ids if column != name]
    one = [column for column in rest if _has_one(rows, column, name)]
    return [column for column in rest if column not in one] if one else []


def _has_one(rows: pd.DataFrame, column: str, of: str) -> bool:
    """Whether nearly each value stands beside one value of another column."""
    pairs = rows[[column, of]].dropna().astype(str).drop_duplicates()
    return bool(len(pairs)) and float((pairs.groupby(column).size() == 1).mean()) > _ONE_EACH
