"""The tables of one data set, in memory and as a folder of Parquet files."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

import pandas as pd
import pyarrow.parquet as pq

from infrastructure.errors import DataError
from infrastructure.files import replace_folder
from infrastructure.machine import require_memory
from recommender.contract import columns as c
from recommender.contract.arrow import arrow_schema, as_frame

_CELL: Final = 30
"""Bytes that a cell takes at least in tables of millions of rows: most are texts, many of them equal."""


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of the data contract; a table that a data set lacks is None. They are not changed, only replaced.

    ``products`` is never None, and at least one of ``transactions``, ``ratings`` and ``events`` is there
    (``recommender.data.cleaning.contract_checks`` checks it). ``guest_baskets`` holds what was bought by nobody that is
    known: of no customer, so of no history. Times are UTC (``datetime64[us, UTC]``), ids are strings,
    list columns hold Python lists.
    """

    products: pd.DataFrame
    customers: pd.DataFrame | None = None
    transactions: pd.DataFrame | None = None
    ratings: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    guest_baskets: pd.DataFrame | None = None

    def __iter__(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Name and rows of each table that is there, in the order of the contract."""
        for name in (*c.TABLES, c.GUEST_BASKETS):
            table = getattr(self, name)
            if table is not None:
                yield name, table

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: len(table) for name, table in self}

    def write(self, folder: Path) -> None:
        """Write each table as ``<name>.parquet``; the folder appears whole or not at all."""
        with replace_folder(folder) as partial:
            for name, table in self:
                table.to_parquet(partial / f"{name}.parquet", index=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what :meth:`write` wrote.

        Raises:
            DataError: The folder holds no products table.
            CapacityError: They do not fit into memory.
        """
        found = {f.name: folder / f"{f.name}.parquet" for f in fields(cls)}
        if not found[c.PRODUCTS].is_file():
            raise DataError(
                "No products table in this folder.",
                where=folder.name,
                expected=f"a folder with {c.PRODUCTS}.parquet, as the ingest step writes it",
            )
        there = {name: path for name, path in found.items() if path.is_file()}
        require_memory(
            sum(map(_cells, there.values())) * _CELL,
            f"Reading the tables in {folder.name}",
            cure="take a machine with more memory, or fewer rows",
        )
        return cls(**{name: _read(name, path) for name, path in there.items()})


def kept_rows(rows: Mapping[str, int]) -> Counter[str]:
    """Of each table of a source, how many rows were kept, from those of clean tables: guests' are of transactions."""
    kept = Counter(rows)
    kept[c.TRANSACTIONS] += kept.pop(c.GUEST_BASKETS, 0)
    return kept


def _cells(path: Path) -> int:
    metadata = pq.read_metadata(path)
    return metadata.num_rows * metadata.num_columns


def _read(name: str, path: Path) -> pd.DataFrame:
    rows = pq.read_table(path)
    # A Parquet file knows no type for a column without any value.
    return as_frame(rows.cast(arrow_schema(name, rows.column_names)))
