"""How sure it is that a foreign column is one of ours: by its name, its cells, and what else it might be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recommender.contract import columns as c
from recommender.contract.fields import CONTRACT, IDENTITIES, fields_of
from recommender.onboarding.matching.fits import NEVER, fit
from recommender.onboarding.matching.words.terms import compared, foreign_kinds, likeness
from recommender.onboarding.profiling.profile import Profile

#: How much cells alone say, where the name says nothing.
_BY_CELLS: Final[Mapping[str, float]] = {
    c.INGREDIENTS: 0.7, c.SKIN_TYPE: 0.75, c.TYPE: 0.7, c.CONCERNS: 0.6, c.CATEGORY: 0.5, c.PRICE: 0.5,
    c.UNIT_PRICE: 0.5, c.TIME: 0.45, c.RATING: 0.3, c.CUSTOMER_ID: 0.2,
}  # fmt: skip
_FROM: Final = 0.45
"""How well cells must fit to say anything without a name."""
_BARE: Final = frozenset(("id", "code", "no", "nr", "num", "number", "uuid", "key", "pk", "_id", "kod", "codigo"))
_OTHERS_AHEAD: Final = 0.06
_OF_A_KEY: Final = 0.93
_OTHERWISE: Final = 0.8
_BY_EMAIL: Final = 0.6
"""How sure it is that an e-mail address tells customers apart where nothing else does."""
_ONLY_TIME: Final = 0.56
"""How sure it is that the only column of times in a table is the one that the table needs, whatever its name."""
_BIRTH: Final = "birth_date"
_NAMED_SO: Final = 0.6
_TIMES: Final = (c.TIME, c.SIGNUP_TIME, c.LAUNCHED)
_UNTOLD: Final = (c.REQUEST_ID, c.VALUE)
"""Columns that no foreign column is guessed to be."""
_ALIKE: Final = (
    frozenset({c.TIME, c.SIGNUP_TIME, c.LAUNCHED}), frozenset({c.PRICE, c.UNIT_PRICE}),
    frozenset({c.RATING, c.RATING_MEAN}), frozenset({c.NAME, c.DESCRIPTION}),
    frozenset({c.TYPE, c.CATEGORY}), frozenset({c.TRANSACTION_ID, c.EVENT_ID, c.REQUEST_ID, c.SESSION_ID}),
)  # fmt: skip
"""Columns that have the same names, in tables of their own."""


@dataclass(frozen=True)
class Scores:
    """How sure each column of a foreign table is each of one of our tables, from 0 to 1, by both names."""

    table: str
    cells: Mapping[tuple[str, str], float]

    def with_told(self, told: Mapping[tuple[str, str], float]) -> "Scores":
        """With what other tables say of columns, where that is surer; a key of others is nothing else's."""
        keys = {pair[0]: pair[1] for pair in told}
        cells = {
            pair: score * (0.5 if keys.get(pair[0], pair[1]) != pair[1] else 1.0) for pair, score in self.cells.items()
        }
        known = {pair: max(sure, cells[pair]) for pair, sure in told.items() if pair in cells}
        return Scores(self.table, cells | known)

    def best(self, ours: str) -> tuple[str | None, float]:
        """The most likely foreign column."""
        found = {column: score for (column, key), score in self.cells.items() if key == ours}
        best = max(found, key=lambda column: found[column], default=None)
        return (best, found[best]) if best is not None else (None, 0.0)


def keys_of(table: str) -> list[str]:
    """The columns of a table that a foreign column may be."""
    return [name for name in fields_of(table) if name not in _UNTOLD]


def scores_of(profiles: Mapping[str, Profile], table: str) -> Scores:
    """The scores of all pairs."""
    ours = keys_of(table)
    others = [key for key in _others(table) if key not in ours]
    cells = dict[tuple[str, str], float]()
    times = [name for name, profile in profiles.items() if fit(profile, c.TIME) > _FROM and not _is_birth(profile)]
    for column, profile in profiles.items():
        other = max((score(profile, key, table) for key in others), default=0.0)
        for key in ours:
            own = score(profile, key, table)
            own = own if other <= own + _OTHERS_AHEAD else own * 0.4
            cells[column, key] = (
                max(own, _ONLY_TIME) if key in _TIMES and times == [column] and other < _OTHERWISE else own
            )
    return Scores(table, cells | _by_email(profiles, cells))


def _by_email(profiles: Mapping[str, Profile], cells: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The e-mail address as the customer's id, where no column is one."""
    known = any(score >= _BY_EMAIL for (_, key), score in cells.items() if key == c.CUSTOMER_ID)
    addresses = [name for name, profile in profiles.items() if profile.emails > 0.8]
    return {} if known or len(addresses) != 1 else {(addresses[0], c.CUSTOMER_ID): _BY_EMAIL}


def _others(table: str) -> list[str]:
    """What a column may be that this table has not."""
    own = set(keys_of(table))
    elsewhere = {name for other in CONTRACT for name in keys_of(other)}
    alike = {key for group in _ALIKE if group & own for key in group}
    kinds = (kind for kind in foreign_kinds() if kind != _BIRTH or table != c.CUSTOMERS)
    return [*(elsewhere - alike - own), *kinds]


def _is_birth(profile: Profile) -> bool:
    return likeness(compared(profile.name), _BIRTH) > _NAMED_SO


def score(profile: Profile, key: str, table: str) -> float:
    """How sure it is that a column is ``key``, by itself."""
    fits = fit(profile, key)
    if fits <= NEVER:
        return 0.0
    named = max(_named(profile.name, key), _as_bare_id(profile, key, table))
    by_name = named * (0.82 + 0.18 * fits) if fits >= 0 else named * (1 + 0.6 * fits)
    by_cells = _BY_CELLS.get(key, 0.0) * fits if fits >= _FROM else 0.0
    return 1 - (1 - by_name) * (1 - by_cells * 0.85)


def _named(name: str, key: str) -> float:
    """How well a name says what it is; of a key within an object also the key alone."""
    whole = likeness(compared(name), key)
    inner = name.rpartition(".")[2]
    if key == c.BIRTH_YEAR:  # A date of birth says the year.
        whole = max(whole, _OF_A_KEY * likeness(compared(inner), _BIRTH))
    return max(whole, _OF_A_KEY * likeness(compared(inner), key)) if inner != name else whole


def _as_bare_id(profile: Profile, key: str, table: str) -> float:
    """A column that is only called id is the key of its own table."""
    if table not in IDENTITIES or key != IDENTITIES[table][0] or not set(compared(profile.name).words) <= _BARE:
        return 0.0
    if profile.unique > 0.95:
        return 0.8
    return 0.65 if table == c.TRANSACTIONS else 0.45
