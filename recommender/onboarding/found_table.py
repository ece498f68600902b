"""A foreign table as it was found: where it is, how it is read, and rows from all over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


class NoTableError(Exception):
    """Something holds no table that can be read here; the message says why."""


@dataclass(frozen=True)
class DatabaseTable:
    """What a query of a table needs.

    Attributes:
        variable: Environment variable that holds the database's URL.
        table: The table's name as SQL has it, quoted where it must be.
        quoted: The same of each column.
    """

    variable: str
    table: str
    quoted: Mapping[str, str]

    def query(self, columns: list[str]) -> str:
        """A select statement of these columns."""
        names = (self.quoted[name] for name in columns if name in self.quoted)
        return f"select {', '.join(names)} from {self.table}"  # noqa: S608 (names of the database, quoted)


@dataclass(frozen=True)
class FoundTable:
    """One foreign table.

    Attributes:
        name: How people call it: the file, the table of a database, or the address.
        words: Its name without folder and ending, of which its content may be guessed.
        reading: The keys of a source file by which it is read, but those of a database.
        sample: Rows from all over it; cells of text files are texts, None where they are empty.
        rows: How many rows there are, where that is known or can be estimated.
        whole: Whether the sample is all of it.
        evidence: Why it is read so, by key of ``reading``.
        database: Where it is in a database.
        members: Columns that are keys within an object of a cell ("address.country").
    """

    name: str
    words: str
    reading: Mapping[str, Any]
    sample: pd.DataFrame
    rows: int | None = None
    whole: bool = False
    evidence: Mapping[str, str] = field(default_factory=dict[str, str])
    database: DatabaseTable | None = None
    members: frozenset[str] = frozenset()

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return [str(name) for name in self.sample]

    def read_by(self, columns: list[str]) -> dict[str, Any]:
        """The keys by which these columns are read."""
        if self.database is None:
            return dict(self.reading)
        return {"sql": {"database": self.database.variable, "query": self.database.query(columns)}}


@dataclass(frozen=True)
class Looked:
    """All that was found.

    Attributes:
        tables: The tables.
        passed_over: Files and addresses that are none, with the reason.
    """

    tables: tuple[FoundTable, ...]
    passed_over: Mapping[str, str] = field(default_factory=dict[str, str])
