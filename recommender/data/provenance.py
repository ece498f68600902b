"""Where raw tables came from: for messages that a person can act on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from infrastructure.errors import DataError
from infrastructure.files import read_json

ABOUT: Final = "raw.json"
"""File beside the tables that says where they came from."""


@dataclass(frozen=True)
class Origin:
    """Where a table came from, for messages a person can act on.

    Attributes:
        file: The file as the source names it.
        columns: Our column: theirs.
        left_out: How many rows the source's ``where`` left out of those that were read last.
    """

    file: str
    columns: dict[str, str] = field(default_factory=dict[str, str])
    left_out: int = 0

    def field(self, column: str) -> str:
        """Our column's name, with theirs where it differs."""
        theirs = self.columns.get(column, column)
        return column if theirs == column else f"{column} (from their {theirs})"


@dataclass(frozen=True)
class Provenance:
    """Where raw tables came from.

    Attributes:
        name: The data set's name.
        origins: Of each table.
    """

    name: str
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])

    def origin(self, table: str) -> Origin:
        """Where ``table`` came from."""
        return self.origins.get(table, Origin(f"{self.name}/{table}"))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Of the tables that :meth:`RawTables.write` wrote.

        Raises:
            DataError: The folder holds no raw tables.
        """
        if not (folder / ABOUT).is_file():
            raise DataError("No raw tables in this folder.", where=folder.name, expected="what the ingest step writes")
        about = read_json(folder / ABOUT)
        return cls(about["name"], {name: Origin(**origin) for name, origin in about["origins"].items()})
