"""What one unit of a currency is worth in another, always or day by day."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from infrastructure.errors import DataError
from infrastructure.settings import checked
from recommender.data.parsing.cells import Cells, as_stripped_text
from recommender.data.parsing.currencies import code_of
from recommender.data.parsing.numbers import read_numbers
from recommender.data.parsing.pandas_parsing import iso_times
from recommender.data.sources.cells.times.formats import parsed
from recommender.data.sources.connectors.remote_files import local_copy
from recommender.data.sources.description.currency_settings import CurrencySettings, RatesFile
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import read_file


@dataclass(frozen=True)
class Rates:
    """Rates of currencies by code or sign, each from a day on.

    Attributes:
        days: datetime64[D], by currency, rising; the beginning of time where a rate always holds.
        rates: float64, by currency, as long as its days.
    """

    days: dict[str, NDArray[np.datetime64]]
    rates: dict[str, NDArray[np.float64]]

    def factors(self, sign: str, days: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """float64[rows]: the rate of a sign or code on each day, the last one on days that are not known (NaT).

        NaN where the currency has none, or none yet.
        """
        name = sign if sign in self.rates else code_of(sign) or sign
        if name not in self.rates:
            return np.full(len(days), np.nan)
        places = np.searchsorted(self.days[name], days, side="right") - 1
        places[np.isnat(days)] = len(self.rates[name]) - 1
        return np.where(places < 0, np.nan, self.rates[name][places])


_ALWAYS = np.array([np.datetime64("0001-01-01", "D")])


def rates_of(settings: CurrencySettings) -> Rates:
    """The rates that a source gives, in its file or in another.

    Raises:
        DataError: The file of rates cannot be read, or holds something that is no rate, currency or date.
    """
    if isinstance(settings.rates, RatesFile):
        file = Path(settings.rates.file)
        return _from_file(settings.rates.model_dump_json(), file.stat().st_mtime if file.is_file() else 0)
    return Rates(
        dict.fromkeys(settings.rates, _ALWAYS), {name: np.array([rate]) for name, rate in settings.rates.items()}
    )


@lru_cache(maxsize=4)
def _from_file(described: str, _: float) -> Rates:
    """The rates in a file, read once for each time that it was changed."""
    how = RatesFile.model_validate_json(described)
    columns = [how.currency, how.rate, *([how.date] if how.date else [])]
    reading = {key: getattr(how, key) for key in ("file", "delimiter", "encoding", "decimal", "sheet", "header")}
    table = checked(TableSource, {**reading, "columns": {}}, where=how.file)
    with local_copy(how.file, Path()) as path:
        rows = read_file(path, columns, table)
    found = pd.DataFrame(
        {
            "code": _codes(as_stripped_text(rows[how.currency]), how),
            "rate": _rates(as_stripped_text(rows[how.rate]), how, table),
            "day": _days(rows[how.date], how) if how.date else _ALWAYS[0],
        }
    )
    groups = dict(list(found.sort_values("day", kind="stable").groupby("code")))
    return Rates(
        {str(name): rows["day"].to_numpy().astype("datetime64[D]") for name, rows in groups.items()},
        {str(name): rows["rate"].to_numpy() for name, rows in groups.items()},
    )


def _codes(texts: Cells, how: RatesFile) -> Cells:
    codes = texts.map(code_of, na_action="ignore")
    return _all_read(codes, texts, how, how.currency, "a code of ISO 4217, such as EUR")


def _rates(texts: Cells, how: RatesFile, table: TableSource) -> Cells:
    rates = read_numbers(texts, how.decimal, table.thousands_mark.strip())
    expected = "a number above 0; with decimal commas, add 'decimal: \",\"' to the rates"
    return _all_read(rates.where(rates > 0), texts, how, how.rate, expected)


def _days(cells: Cells, how: RatesFile) -> Cells:
    texts = as_stripped_text(cells)
    times = iso_times(texts) if how.format is None else parsed(texts, how.format)
    days: Any = _all_read(times, texts, how, str(how.date), "a date; another than ISO 8601 needs 'format' in the rates")
    return days.dt.tz_localize(None).dt.normalize()


def _all_read(read: Cells, texts: Cells, how: RatesFile, column: str, expected: str) -> Cells:
    if read.isna().any():
        first = texts[read.isna()].iloc[0]
        raise DataError("A rate cannot be read.", where=how.file, field=column, value=first, expected=expected)
    return read
