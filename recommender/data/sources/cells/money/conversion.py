"""Prices in one currency: each cell's own is the code in another column, or the sign or code beside its number."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import DataError
from infrastructure.progress import note
from recommender.contract import columns as c
from recommender.contract.fields import PRICES, fields_of
from recommender.data.parsing.cell_texts import UNREADABLE
from recommender.data.parsing.cells import Cells, as_stripped_text, as_text
from recommender.data.parsing.currencies import code_of
from recommender.data.parsing.numbers import currencies
from recommender.data.parsing.pandas_parsing import parse_cells
from recommender.data.sources.cells.money.rates import Rates, rates_of
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.currency_settings import CurrencySettings, RatesFile
from recommender.data.sources.description.table_source import TableSource

_SHOWN: Final = 5


class _Column(NamedTuple):
    """A column of prices: its name among ours, what it holds, and the sign or code of each cell."""

    name: str
    cells: Cells
    signs: Cells


def in_one_currency(ours: pd.DataFrame, theirs: pd.DataFrame, table: str, source: TableSource) -> pd.DataFrame:
    """Our rows with all prices in the source's currency; without one, prices must all be in the same.

    Raises:
        DataError: Prices are in several currencies and the source says nothing of them, or its rates cannot be read.
    """
    for name in (name for name in PRICES if name in ours and source.columns[name].read):
        how = source.columns[name]
        if source.currency is None:
            _refuse_several(codes_of(theirs, how), name, source)
        elif (signs := signs_of(theirs, how)).notna().any():
            days = _days(ours, table, source.currency)
            ours = ours.assign(**{name: _converted(_Column(name, ours[name], signs), days, source.currency)})
    return ours


def signs_of(theirs: pd.DataFrame, how: ColumnSource) -> Cells:
    """The currency of each cell of a column of prices, as it is written; missing where it is not."""
    beside = _written(theirs[how.read[0]])
    return beside if how.currency is None else as_stripped_text(theirs[how.currency]).fillna(beside)


def codes_of(theirs: pd.DataFrame, how: ColumnSource) -> set[str]:
    """The different currencies of a column of prices."""
    return {code_of(sign) or str(sign) for sign in _different(theirs, how).dropna().unique()}


def _different(theirs: pd.DataFrame, how: ColumnSource) -> Cells:
    """The signs of a column, some of them several times: where cells alone say them, only different ones are read."""
    if how.currency is not None:
        return signs_of(theirs, how)
    cells = theirs[how.read[0]]
    try:
        return _written(cells.drop_duplicates())
    except TypeError:  # a cell is a list
        return _written(cells)


def _written(cells: Cells) -> Cells:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return pd.Series(None, index=cells.index, dtype=object)
    return currencies(as_stripped_text(cells))


def _refuse_several(known: set[str], column: str, source: TableSource) -> None:
    if len(known) > 1:
        shown = sorted(known)
        rates = ", ".join(f"{name}: …" for name in shown[1:_SHOWN])
        raise DataError(
            f"The prices are in {len(known)} currencies, which would be read as one.",
            where=source.place,
            field=column,
            value=", ".join(shown[:_SHOWN]),
            expected=f"'currency: {{to: {shown[0]}, rates: {{{rates}}}}}' at the top of the source file, with what one "
            "unit is worth",
        )


def _days(ours: pd.DataFrame, table: str, settings: CurrencySettings) -> NDArray[np.datetime64]:
    """datetime64[D, rows]: the day of each row in UTC, NaT where it is not known or no rate is of a day."""
    if c.TIME not in ours or not (isinstance(settings.rates, RatesFile) and settings.rates.date):
        return np.full(len(ours), np.datetime64("NaT", "D"))
    times: Any = parse_cells(fields_of(table)[c.TIME], ours[c.TIME])
    return times.dt.tz_localize(None).to_numpy().astype("datetime64[D]")


def _converted(column: _Column, days: NDArray[np.datetime64], settings: CurrencySettings) -> Cells:
    """The prices, converted; a price without a rate is marked as unreadable, with the reason."""
    factors = _factors(column.signs, days, rates_of(settings), settings.to)
    numbers = pd.to_numeric(column.cells, errors="coerce").astype("float64")
    converted = (numbers * factors).where(factors != 1, numbers)
    without = factors.isna() & numbers.notna()
    if without.any():
        lacking = sorted(map(str, column.signs[without].unique()))
        note(f"{column.name}: no rate of {', '.join(lacking[:_SHOWN])}, emptied", rows=int(without.sum()))
    kept = converted.notna() | column.cells.isna()
    if kept.all():
        return converted
    reasons = UNREADABLE + as_text(column.cells) + " " + column.signs.astype(str) + f" (no rate to {settings.to})"
    told: Any = as_text(column.cells).where(~without, reasons)
    return as_text(converted.astype(object)).where(kept, told)


def _factors(signs: Cells, days: NDArray[np.datetime64], rates: Rates, to: str) -> Cells:
    factors = np.ones(len(signs))
    for sign in signs.dropna().unique():
        if sign not in rates.rates and code_of(sign) == to:
            continue
        chosen = (signs == sign).to_numpy()
        factors[chosen] = rates.factors(sign, days[chosen])
    return pd.Series(factors, index=signs.index)
