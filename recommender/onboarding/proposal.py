"""What is proposed: tables, columns and how sure each guess is; whoever shows it needs nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from recommender.onboarding.found_table import FoundTable

SURE: Final = 0.55
CLOSE: Final = 0.08
"""A runner-up that is less than so much behind makes a guess doubtful."""

SEPARATOR: Final = " · "
"""Between examples, which hold commas themselves."""


@dataclass(frozen=True)
class Guess:
    """Which of their columns one of ours is made from.

    Attributes:
        ours: Our column.
        keys: As the source file says it: ``from`` and what else is needed to read it.
        score: How sure that is, from 0 to 1.
        why: What speaks for it.
        examples: Some of its values, unless they are of persons.
        others: What it might be instead, best first: another column, or the same one read in another way.
        doubt: What else might be wrong, in a sentence.
        settled: Whether a person has chosen it.
    """

    ours: str
    keys: Mapping[str, Any]
    score: float
    why: str
    examples: tuple[str, ...] = ()
    others: tuple["Guess", ...] = ()
    doubt: str = ""
    settled: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Their columns."""
        names = self.keys.get("from", ())
        return (names,) if isinstance(names, str) else tuple(names)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should be asked."""
        close = bool(self.others) and self.score - self.others[0].score < CLOSE
        return not self.settled and (self.score < SURE or close or bool(self.doubt))


@dataclass(frozen=True)
class Join:
    """Columns of another table beside a table's own.

    Attributes:
        found: The other table.
        on: The key: its name in both tables, or by its name in ours the one in theirs.
        named: What stands before the names of its columns; empty where they keep their names.
        columns: Its columns that are needed, the key among them.
        why: What speaks for it.
    """

    found: FoundTable
    on: str | Mapping[str, str]
    named: str
    columns: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class TableProposal:
    """One of our tables, as it would be read.

    Attributes:
        table: Its name.
        found: Their table.
        guesses: By our column.
        why: What speaks for this table.
        score: How sure that is, from 0 to 1.
        like: The preset whose keys hold.
        joins: Tables beside it.
        beside: Names of the files that its preset joins.
        where, returned: Conditions of rows, as the source file says them, and why.
        settings: Further keys of the table (decimal, one_row_per …).
        notes: What a person should know, a sentence each.
    """

    table: str
    found: FoundTable
    guesses: Mapping[str, Guess]
    why: str = ""
    score: float = 1.0
    like: str | None = None
    joins: tuple[Join, ...] = ()
    beside: frozenset[str] = frozenset()
    where: Mapping[str, Any] = field(default_factory=dict[str, Any])
    returned: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    notes: tuple[str, ...] = ()

    def with_guess(self, guess: Guess) -> Self:
        """The same with another guess for a column."""
        return replace(self, guesses={**self.guesses, guess.ours: guess})

    def without(self, ours: str) -> Self:
        """The same without one of our columns."""
        return replace(self, guesses={name: guess for name, guess in self.guesses.items() if name != ours})

    @property
    def unused(self) -> list[str]:
        """Their columns that nothing is made from."""
        used = {column for guess in self.guesses.values() for column in guess.columns} | {*self.where, *self.returned}
        return [name for name in self.found.columns if name not in used]


@dataclass(frozen=True)
class Lack:
    """Something required that was not found.

    Attributes:
        what: The table or column, such as "products" or "transactions.customer_id".
        why: Why it matters.
        mend: What to write into the source file.
    """

    what: str
    why: str
    mend: str


@dataclass(frozen=True)
class Proposal:
    """A whole source file.

    Attributes:
        name: The data set's.
        tables: In the order of the contract.
        lacks: What is missing.
        unused: Tables that nothing is made from, with the reason.
        variables: Environment variables that must be set before it is read.
    """

    name: str
    tables: tuple[TableProposal, ...]
    lacks: tuple[Lack, ...] = ()
    unused: Mapping[str, str] = field(default_factory=dict[str, str])
    variables: tuple[str, ...] = ()

    def with_table(self, table: TableProposal) -> Self:
        """The same with another proposal for a table."""
        return replace(self, tables=tuple(table if one.table == table.table else one for one in self.tables))

    @property
    def doubtful(self) -> list[tuple[TableProposal, Guess]]:
        """The guesses of which a person should be asked."""
        return [(table, guess) for table in self.tables for guess in table.guesses.values() if guess.is_doubtful]
