"""Raw tables: another shop's rows under our column names, their values not yet trusted."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

import pandas as pd

from recommender.data.cells import as_text
from recommender.data.contract import CONTRACT, Kind, fields_of
from recommender.data.tables import read_table
from recommender.errors import DataError
from recommender.files import read_json, whole_folder, write_json

ABOUT: Final = "raw.json"
"""File beside the tables that says where they came from."""


@dataclass(frozen=True)
class Origin:
    """Where a table came from, for messages a person can act on.

    Attributes:
        file: The file as the source names it.
        columns: Our column: theirs.
    """

    file: str
    columns: dict[str, str] = field(default_factory=dict[str, str])

    def field(self, column: str) -> str:
        """Our column's name, with theirs where it differs."""
        theirs = self.columns.get(column, column)
        return column if theirs == column else f"{column} (from their {theirs})"


@dataclass(frozen=True)
class RawTables:
    """The tables of one data set as they were read, rows in the order of the file.

    Attributes:
        name: The data set's name.
        tables: By name of the contract; columns of lists hold lists of texts, others texts, numbers or times.
        origins: Where each table came from.
    """

    name: str
    tables: dict[str, pd.DataFrame]
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])

    def origin(self, table: str) -> Origin:
        """Where ``table`` came from."""
        return self.origins.get(table, Origin(f"{self.name}/{table}"))

    def write(self, folder: Path) -> None:
        """Write one Parquet file a table; the folder appears whole or not at all."""
        with whole_folder(folder) as partial:
            for name, table in self.tables.items():
                storable(name, table).to_parquet(partial / f"{name}.parquet", index=False)
            origins = {name: asdict(origin) for name, origin in self.origins.items()}
            write_json(partial / ABOUT, {"name": self.name, "origins": origins})

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote.

        Raises:
            DataError: The folder holds no raw tables.
        """
        if not (folder / ABOUT).is_file():
            raise DataError("No raw tables in this folder.", where=folder.name, expected="what the ingest step writes")
        about = read_json(folder / ABOUT)
        files = {name: folder / f"{name}.parquet" for name in CONTRACT}
        return cls(
            name=about["name"],
            tables={name: read_table(name, path) for name, path in files.items() if path.is_file()},
            origins={name: Origin(**origin) for name, origin in about["origins"].items()},
        )


def storable(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with one type a column, as Parquet needs it: what is mixed becomes text."""
    mixed = [
        name
        for name, field in fields_of(table).items()
        if name in frame and field.kind is not Kind.TEXTS and frame[name].dtype == object
    ]
    return frame.assign(**{name: as_text(frame[name]) for name in mixed})
