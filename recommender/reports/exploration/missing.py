"""Which values are missing."""

import numpy as np
import pandas as pd

from recommender.contract.fields import fields_of
from recommender.contract.tables import Tables
from recommender.reports import wording
from recommender.reports.page import Bars, Section, Text, share_bars


def missing_section(tables: Tables) -> Section:
    """The share of missing values in every column that misses any, and the columns that are not there at all."""
    shares = {name: missing_shares(table) for name, table in tables}
    bars = tuple(_bars(name, found[found > 0]) for name, found in shares.items() if (found > 0).any())
    return Section("What is missing", (Text(_sentences(tables, shares)), *bars))


def missing_shares(table: pd.DataFrame) -> pd.Series:
    """The share of rows without a value, by column, most missing first; an empty list is no value."""
    found = {str(name): float(is_without_value(table[name]).mean()) if len(table) else 0.0 for name in table.columns}
    return pd.Series(found, dtype=float).sort_values(ascending=False, kind="stable")


def is_without_value(values: pd.Series) -> pd.Series:
    """Where ``values`` holds nothing: null, or a list without elements."""
    empty = values.isna()
    known = values[~empty]
    if len(known) and isinstance(known.iloc[0], list | tuple | np.ndarray):
        empty |= values.str.len() == 0
    return empty


def _sentences(tables: Tables, shares: dict[str, pd.Series]) -> tuple[str, ...]:
    full = [name for name, found in shares.items() if not (found > 0).any()]
    filled = [f"No value is missing in {wording.enumeration(full)}."] if full else []
    absent = {name: [field for field in fields_of(name) if field not in table] for name, table in tables}
    lacking = (
        f"Of {name} the data set does not give {wording.enumeration(those)}." for name, those in absent.items() if those
    )
    return (*filled, *lacking)


def _bars(table: str, shares: pd.Series) -> Bars:
    bars = share_bars(shares)
    says = f"“{bars[0].label}” is left empty most often: in {bars[0].figure} of the rows."
    return Bars(f"Missing in {table}", says, bars)
