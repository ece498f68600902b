"""Prepare: raw tables as clean ones that keep the contract, and everything that was rejected."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from recommender import columns as c
from recommender.config.cleaning import CleaningSettings
from recommender.data import contract, quarantine, schemas
from recommender.data.cleaning import clean
from recommender.data.completion import complete
from recommender.data.conversion import typed
from recommender.data.raw import RawTables
from recommender.data.rule import Rows
from recommender.data.shop import Shop
from recommender.data.tables import Tables
from recommender.errors import DataError


@dataclass(frozen=True)
class Prepared:
    """What preparation makes of raw tables. Of every table, rows read = rows kept + rows in quarantine.

    Attributes:
        tables: The clean tables.
        quarantine: One record a rejected row: source, table, row (its number in the source, from 0), rule,
            reason, content (the raw row as JSON).
        repairs: One record a cell that was emptied in a row that was kept; the same columns.
        read: How many rows each raw table had.
    """

    tables: Tables
    quarantine: pd.DataFrame
    repairs: pd.DataFrame
    read: dict[str, int]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Of each table the rows read, kept and quarantined, and the cells repaired."""
        quarantined = self.quarantine[c.TABLE].value_counts()
        repaired = self.repairs[c.TABLE].value_counts()
        return {
            name: {
                "read": self.read[name],
                "kept": kept,
                "quarantined": int(quarantined.get(name, 0)),
                "repaired": int(repaired.get(name, 0)),
            }
            for name, kept in self.tables.rows.items()
        }


def prepare(raw: RawTables, settings: CleaningSettings, now: datetime | None = None) -> Prepared:
    """Type, clean and complete raw tables.

    Args:
        raw: What ingest read.
        settings: The bounds of the cleaning rules.
        now: Times after it are in the future; the clock's time unless given.

    Raises:
        DataError: A table or column is missing, a column is of another type, or no row of a table is usable.
    """
    _see_tables(raw)
    types = {name: typed(name, table, raw.origin(name)) for name, table in raw.tables.items()}
    shop = Shop.of(types, settings, now)
    cleaned = {name: clean(raw, Rows(name, table.frame, table.unreadable, shop)) for name, table in types.items()}
    tables = Tables(**{name: complete(name, table.frame) for name, table in cleaned.items()})
    schemas.check(tables)
    return Prepared(
        tables=tables,
        quarantine=quarantine.together([table.rejected for table in cleaned.values()]),
        repairs=quarantine.together([table.repaired for table in cleaned.values()]),
        read={name: len(table) for name, table in raw.tables.items()},
    )


def _see_tables(raw: RawTables) -> None:
    lacking = contract.missing_tables(raw.tables)
    if lacking:
        raise DataError("The data set lacks a table it cannot do without.", where=raw.name, expected=lacking)
    for name, table in raw.tables.items():
        _see_columns(raw, name, table)


def _see_columns(raw: RawTables, name: str, table: pd.DataFrame) -> None:
    where = raw.origin(name).file
    for column in contract.missing_columns(name, map(str, table)):
        raise DataError("The table lacks a required column.", where=where, field=column)
    if table.empty:
        raise DataError("The table has no rows.", where=where, expected="at least one row")
