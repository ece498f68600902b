"""One foreign table taken as one of ours: which columns it would have, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from recommender.contract import columns as c
from recommender.contract.fields import fields_of
from recommender.onboarding.found_table import FoundTable
from recommender.onboarding.matching.assignment import assigned, runners_up
from recommender.onboarding.matching.ids_of_lines import settled_ids
from recommender.onboarding.matching.scores import Scores, scores_of
from recommender.onboarding.matching.words.terms import compared, likeness, table_likeness
from recommender.onboarding.profiling.profile import Profile, profiles

_BY_OTHERS: Final = 0.75
"""How well a table's name would fit that other tables say is one of ours."""
REQUIRED: Final = 0.38
"""How sure a required column has to be."""


@dataclass(frozen=True)
class Candidate:
    """A foreign table as one of ours.

    Attributes:
        pairs: By our column theirs and how sure that is.
        likeness: How well the table's name fits.
    """

    table: str
    found: FoundTable
    profiles: Mapping[str, Profile]
    scores: Scores
    pairs: Mapping[str, tuple[str, float]]
    likeness: float

    def sureness(self, ours: str) -> float:
        """How sure the foreign column of one of ours is; 0 where there is none."""
        return self.pairs.get(ours, ("", 0.0))[1]

    def column(self, ours: str) -> str | None:
        """Their column of one of ours."""
        return self.pairs[ours][0] if ours in self.pairs else None

    def has(self, *ours: str) -> bool:
        """Whether all of these are there, surely enough for required ones."""
        return all(self.sureness(name) >= REQUIRED for name in ours)

    def unique(self, ours: str) -> float:
        """The share of the rows whose value of one of our columns no other row has."""
        column = self.column(ours)
        return self.profiles[column].unique if column is not None else 0.0

    def others(self, ours: str) -> tuple[tuple[str, float], ...]:
        """Further columns that one of ours might be."""
        return runners_up(self.scores, self.pairs, ours)

    @property
    def score(self) -> float:
        """How sure it is that the table is this one of ours."""
        fields = fields_of(self.table).values()
        required = [self.sureness(field.name) for field in fields if field.required]
        further = [score for field in fields if not field.required and (score := self.sureness(field.name)) >= REQUIRED]
        return 0.5 * sum(required) / len(required) + 0.07 * min(sum(further), 4) + 0.3 * self.likeness


@dataclass
class Tables:
    """Every foreign table as each of ours, worked out when it is asked for."""

    found: tuple[FoundTable, ...]
    _profiles: dict[int, dict[str, Profile]] = field(default_factory=dict[int, dict[str, Profile]])
    _candidates: dict[tuple[int, str], Candidate] = field(default_factory=dict[tuple[int, str], Candidate])
    _told: dict[tuple[int, str, str, str], float] = field(default_factory=dict[tuple[int, str, str, str], float])
    _named: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])

    def tell(self, found: FoundTable, column: str, ours: str, table: str, sureness: float) -> None:
        """What other tables say that a column is, as one of ours."""
        self._told[id(found), table, column, ours] = sureness
        self._candidates.pop((id(found), table), None)

    def tell_table(self, found: FoundTable, table: str) -> None:
        """What other tables say that a table is."""
        self._named.add((id(found), table))
        self._candidates.pop((id(found), table), None)

    def profiles(self, found: FoundTable) -> dict[str, Profile]:
        """What each column of a table holds."""
        if id(found) not in self._profiles:
            self._profiles[id(found)] = profiles(found.sample)
        return self._profiles[id(found)]

    def candidate(self, found: FoundTable, table: str) -> Candidate:
        """A foreign table as one of ours."""
        key = id(found), table
        if key not in self._candidates:
            mine = self.profiles(found)
            told = {(column, ours): sure for (*of, column, ours), sure in self._told.items() if (*of,) == key}
            scores = settled_ids(found.sample, mine, scores_of(mine, table).with_told(told))
            named = _BY_OTHERS if key in self._named else 0.0
            likeness = max(named, table_likeness(found.words, table))
            self._candidates[key] = Candidate(table, found, mine, scores, assigned(scores), likeness)
        return self._candidates[key]

    def all(self, table: str) -> list[Candidate]:
        """Every foreign table as one of ours."""
        return [self.candidate(found, table) for found in self.found]


def is_customers(candidate: Candidate) -> bool:
    """Whether a table has a row a customer, with something about them."""
    about = any(candidate.sureness(name) >= 0.5 for name in fields_of(c.CUSTOMERS) if name != c.CUSTOMER_ID)
    return (
        candidate.has(c.CUSTOMER_ID)
        and candidate.unique(c.CUSTOMER_ID) > 0.9
        and (candidate.likeness > 0.5 or likeness(compared(candidate.column(c.CUSTOMER_ID) or ""), c.CUSTOMER_ID) > 0.6)
        and (about or candidate.likeness >= _BY_OTHERS)
    )
