"""Imputes missing values of a cleaned table as ``cleaning.missing`` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from recommender.config.preparation import MissingSettings
from recommender.contract.arrow import TYPES
from recommender.contract.fields import KEYS, fields_of, indicator, indicators
from recommender.contract.tables import Tables
from recommender.data.engines.backend import ROW, Backend

UNKNOWN: Final = "unknown"
MEDIAN: Final = "median"
DRAW: Final = "draw"

_COUNT: Final = "_count"
_VALUE: Final = "_value"
_HASH_VALUES: Final = 2**64


@dataclass(frozen=True)
class ImputedColumn:
    """What was imputed in one column.

    Attributes:
        how: ``unknown``, ``lower_median`` or ``draw``.
        cells: How many values were missing and have one now.
    """

    table: str
    column: str
    how: str
    cells: int


@dataclass(frozen=True)
class Imputer:
    """Imputes values in the tables of one data set.

    Attributes:
        seed: Of the draws: a row's draw depends on it, on the row's id and on the values that are known, so neither
            the order of the rows nor the engine changes it.
    """

    missing: MissingSettings
    seed: int
    backend: Backend

    def fill(self, table: str, rows: ibis.Table) -> tuple[ibis.Table, list[ImputedColumn]]:
        """The rows with imputed values, and an indicator for each column that gets a median or draws.

        A column without any known value stays as it is: there is no median and nothing to draw from.
        """
        found: list[ImputedColumn] = []
        for column, how in self.missing.choices(table).items():
            if how in (UNKNOWN, MEDIAN, DRAW) and column in rows.columns:
                known, cells = self._known(rows, column)
                filled = cells if how == UNKNOWN or len(known) else 0
                found.append(ImputedColumn(table, column, how, filled))
                rows = self._filled(table, rows, column, how, known)
        return rows, found

    def _known(self, rows: ibis.Table, column: str) -> tuple[pd.Series, int]:
        """How often each known value is in the column, in the order of the values; and how many are missing."""
        counts: Any = rows.group_by(column).agg(**{_COUNT: rows.count()})
        found = self.backend.to_arrow(counts).to_pandas().set_index(column)[_COUNT]
        known = found[found.index.notna()].sort_index()
        return known, int(found.sum() - known.sum())

    def _filled(self, table: str, rows: ibis.Table, column: str, how: str, known: pd.Series) -> ibis.Table:
        if how == UNKNOWN:
            return rows.mutate(**{column: rows[column].fill_null(UNKNOWN)})
        marked = rows.mutate(**{indicator(column): rows[column].isnull()})
        if not len(known):
            return marked
        if how == MEDIAN:
            median = ibis.literal(lower_median(known), ibis.DataType.from_pyarrow(_type(table, column)))
            return marked.mutate(**{column: marked[column].fill_null(median)})
        drawn = self.backend.from_arrow(self._drawn(table, rows, column, known))
        joined: Any = marked.left_join(drawn, ROW)
        values = {name: joined[name] for name in marked.columns}
        return joined.select(**values | {column: ibis.coalesce(joined[column], joined[_VALUE])})

    def _drawn(self, table: str, rows: ibis.Table, column: str, known: pd.Series) -> pa.Table:
        """A draw for each row that misses the value."""
        lacking = self.backend.to_arrow(rows.filter(rows[column].isnull()).select(ROW, KEYS[table]))
        values = drawn_values(lacking[KEYS[table]].to_pylist(), known, f"{self.seed}/{table}/{column}")
        return pa.table({ROW: lacking[ROW], _VALUE: pa.array(values, _type(table, column))})


def lower_median(known: pd.Series) -> Any:
    """The median, of two middle values the lower one: always a value that occurs.

    ``known`` is how often each value occurs, indexed by the values in order.
    """
    return known.index[np.searchsorted(known.cumsum(), known.sum() / 2)]


def drawn_values(ids: Sequence[str], known: pd.Series, salt: str) -> list[Any]:
    """One of the known values for each id, with a chance by its frequency.

    Args:
        ids: Of the rows whose values are drawn.
        known: How often each value occurs, indexed by the values in order.
        salt: Another salt gives other draws.
    """
    shares = np.asarray([_hash(row_id, salt) for row_id in ids], dtype=np.float64) / _HASH_VALUES
    places = np.searchsorted(known.cumsum().to_numpy(), shares * known.sum(), side="right")
    # The largest hashes are rounded to 1.
    return known.index[np.minimum(places, len(known) - 1)].tolist()


def without_imputed_values(tables: Tables) -> Tables:
    """Tables without medians and draws: what the source says, for limits, reports and comparisons."""
    if not any(name in rows for table, rows in tables for name in indicators(table)):
        return tables
    found: dict[str, pd.DataFrame] = {}
    for table, rows in tables:
        imputed = [name for name in fields_of(table) if indicator(name) in rows]
        emptied = rows.assign(**{name: rows[name].mask(rows[indicator(name)]) for name in imputed})
        found[table] = emptied.drop(columns=[name for name in indicators(table) if name in rows])
    return Tables(**found)


def _hash(row_id: str, salt: str) -> int:
    digest = blake2b(row_id.encode(), digest_size=8, key=blake2b(salt.encode(), digest_size=16).digest())
    return int.from_bytes(digest.digest(), "big")


def _type(table: str, column: str) -> pa.DataType:
    return TYPES[fields_of(table)[column].kind]
