"""Prepare: makes clean tables that keep the contract from raw ones, and records everything that was rejected."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from infrastructure.errors import DataError
from infrastructure.files import replace_folder
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract import fields as contract
from recommender.contract.arrow import arrow_schema, as_frame
from recommender.contract.tables import Tables, kept_rows
from recommender.data.cleaning import contract_checks, quarantine
from recommender.data.cleaning.cleaner import Cleaned, Cleaner, require_rows
from recommender.data.cleaning.completion import complete
from recommender.data.cleaning.guests import Guests, without_guests
from recommender.data.cleaning.imputation import ImputedColumn, Imputer
from recommender.data.cleaning.returns.stage import Returns
from recommender.data.cleaning.rule import RemainingRows
from recommender.data.cleaning.rules import CELL_RULES
from recommender.data.cleaning.shop_facts import ShopFacts
from recommender.data.cleaning.typed_tables import typed_table
from recommender.data.cleaning.united_rows import united
from recommender.data.engines.backend import Backend, row_count
from recommender.data.engines.relations import open_backend, raw_relations, stored_raw_relations, write_batches
from recommender.data.provenance import Provenance
from recommender.data.raw_tables import RawTables
from recommender.data.variants.family_column import with_families


@dataclass(frozen=True)
class Preparation:
    """Result of a preparation. Of every table, rows read = rows kept + rows in quarantine.

    Attributes:
        quarantine: One record a rejected row: source, table, row (its number in the source, from 0), rule,
            reason, content (the raw row as JSON).
        repairs: One record a cell that was emptied in a row that was kept; the same columns.
        read: How many rows each raw table had.
        rows: How many rows of each clean table there are, also of guest baskets.
        filled: What was imputed in each column for which the configuration says so.
    """

    quarantine: pd.DataFrame
    repairs: pd.DataFrame
    read: dict[str, int]
    rows: dict[str, int]
    filled: tuple[ImputedColumn, ...]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """For each table the rows read, kept and quarantined, and the cells repaired; guests' rows are kept ones."""
        kept, quarantined = kept_rows(self.rows), self.quarantine[c.TABLE].value_counts()
        repaired = self.repairs[c.TABLE].value_counts()
        return {
            name: {
                "read": read,
                "kept": kept[name],
                "quarantined": int(quarantined.get(name, 0)),
                "repaired": int(repaired.get(name, 0)),
            }
            for name, read in self.read.items()
        }

    @property
    def guests(self) -> int:
        """How many rows of transactions were kept as guest baskets."""
        return self.rows.get(c.GUEST_BASKETS, 0)


@dataclass(frozen=True)
class Prepared(Preparation):
    """The same with the clean tables.

    Attributes:
        tables: The clean tables.
    """

    tables: Tables


def prepare(raw: RawTables, config: RecommenderConfig, now: datetime | None = None) -> Prepared:
    """Type, clean and complete raw tables; times after ``now`` (the clock's time unless given) are in the future.

    Raises:
        DataError: A table or column is missing, a column is of another type, or no row of a table is usable.
    """
    with open_backend(config.compute) as backend:
        cleaned = _cleaned(raw_relations(raw.tables, backend), raw.provenance, config, now, backend)
        kept = {name: table for name, table in cleaned.items() if _is_kept(name, table)}
        tables = Tables(**{name: as_frame(backend.to_arrow(table.rows)) for name, table in kept.items()})
    return Prepared(**_results(cleaned, tables.rows), tables=tables)


def prepare_folder(raw: Path, tables: Path, config: RecommenderConfig, now: datetime | None = None) -> Preparation:
    """The same from folder to folder, in batches, for tables that do not fit into memory.

    From what ``RawTables.write`` wrote to what ``Tables.read`` reads; the folder appears whole or not at all.

    Raises:
        DataError: As of :func:`prepare`.
    """
    provenance = Provenance.read(raw)
    with open_backend(config.compute) as backend, replace_folder(tables) as partial:
        cleaned = _cleaned(stored_raw_relations(raw, backend), provenance, config, now, backend)
        rows: dict[str, int] = {}
        for name, table in ((name, table) for name, table in cleaned.items() if _is_kept(name, table)):
            schema = arrow_schema(name, table.rows.columns)
            rows[name] = write_batches(backend.batches(table.rows), partial / f"{name}.parquet", schema)
        return Preparation(**_results(cleaned, rows))


def _cleaned(
    raw: Mapping[str, ibis.Table],
    provenance: Provenance,
    config: RecommenderConfig,
    now: datetime | None,
    backend: Backend,
) -> dict[str, Cleaned]:
    """Each table typed, cleaned, imputed and completed, in the source's order; guests' baskets after them."""
    read = _row_counts(raw, provenance, backend)
    types = {name: typed_table(name, table, provenance.origin(name), backend) for name, table in raw.items()}
    shop, cleaner = ShopFacts.from_tables(types, config.cleaning, backend, now), Cleaner(provenance, backend)
    types, guests = without_guests(types, provenance, backend)
    whole = _united(types, shop, backend)
    if c.PRODUCTS in whole:
        shop = ShopFacts.from_tables(types | whole, config.cleaning, backend, now)
    found: dict[str, Cleaned] = {}
    # Customers and products first: rows of those that are dropped there are rejected, too.
    for name in sorted(types, key=lambda table: table in contract.BEHAVIOUR):
        rows = RemainingRows(name, whole.get(name, types[name]), shop)
        of_guests = guests.count if guests is not None and name == c.TRANSACTIONS else 0
        found[name] = cleaner.clean(rows, raw[name], read[name] - of_guests, types[name] if name in whole else None)
        require_rows(name, found[name], provenance)
        shop = shop.without_dropped(name, found[name].rows, backend)
    found |= _after_returns(found, guests, raw, cleaner, shop)
    for name in types:
        require_rows(name, found[name], provenance)
    order = [*types, *([c.GUEST_BASKETS] if c.GUEST_BASKETS in found else [])]
    return {name: _completed(name, found[name], config, backend) for name in order}


def _is_kept(name: str, cleaned: Cleaned) -> bool:
    """Whether there is such a table: where no row of guests is left, there are no baskets."""
    return name != c.GUEST_BASKETS or cleaned.read > len(cleaned.rejected)


def _after_returns(
    found: Mapping[str, Cleaned],
    guests: Guests | None,
    raw: Mapping[str, ibis.Table],
    cleaner: Cleaner,
    shop: ShopFacts,
) -> dict[str, Cleaned]:
    """The tables with purchases without returns and what came back, guests' baskets among them."""
    returns = Returns(raw, shop, cleaner.provenance, cleaner.backend)
    known = returns.take_back({name: found[name] for name in (c.TRANSACTIONS, c.EVENTS) if name in found})
    if guests is None:
        return known
    rows = RemainingRows(c.TRANSACTIONS, guests.rows, shop)
    cleaned = cleaner.clean(rows, raw[c.TRANSACTIONS], guests.count)
    return known | {c.GUEST_BASKETS: returns.take_back({c.TRANSACTIONS: cleaned})[c.TRANSACTIONS]}


def _completed(name: str, cleaned: Cleaned, config: RecommenderConfig, backend: Backend) -> Cleaned:
    """A cleaned table imputed, with all its columns, and checked."""
    rows, filled = Imputer(config.cleaning.missing, config.seed, backend).fill(name, cleaned.rows)
    if name == c.PRODUCTS:
        rows = with_families(rows, cleaned.rows, config.variants, backend)
    found = replace(cleaned, rows=complete(name, rows, backend), filled=filled)
    contract_checks.check_contract(name, found.rows, backend)
    return found


def _united(types: Mapping[str, ibis.Table], shop: ShopFacts, backend: Backend) -> dict[str, ibis.Table]:
    """The tables of customers and products in which rows were united, with their facts."""
    tables = [name for name in (c.CUSTOMERS, c.PRODUCTS) if name in types]
    found = {name: united(RemainingRows(name, types[name], shop), CELL_RULES, backend) for name in tables}
    return {name: rows for name, rows in found.items() if rows is not None}


def _results(cleaned: Mapping[str, Cleaned], rows: dict[str, int]) -> dict[str, Any]:
    read = Counter[str]()
    for name, table in cleaned.items():
        read[c.TRANSACTIONS if name == c.GUEST_BASKETS else name] += table.read
    return {
        "quarantine": quarantine.all_records([table.rejected for table in cleaned.values()]),
        "repairs": quarantine.all_records([table.repaired for table in cleaned.values()]),
        "read": dict(read),
        "rows": rows,
        "filled": tuple(chain.from_iterable(table.filled for table in cleaned.values())),
    }


def _row_counts(raw: Mapping[str, ibis.Table], provenance: Provenance, backend: Backend) -> dict[str, int]:
    """Rows of each table; a table that is missing, lacks a column or is empty is refused."""
    lacking = contract.missing_tables(raw)
    if lacking:
        raise DataError("The data set lacks a table it cannot do without.", where=provenance.name, expected=lacking)
    return {name: _rows(provenance.origin(name).file, name, table, backend) for name, table in raw.items()}


def _rows(where: str, name: str, table: ibis.Table, backend: Backend) -> int:
    for column in contract.missing_columns(name, table.columns):
        raise DataError("The table lacks a required column.", where=where, field=column)
    rows = row_count(table, backend)
    if not rows:
        raise DataError("The table has no rows.", where=where, expected="at least one row")
    return rows
