"""Into which currency a source's prices are brought, and by which rates, as its file says it."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from infrastructure.settings import Settings
from recommender.data.parsing.currencies import CODES, SIGNS


def _code(text: str) -> str:
    if text not in CODES:
        raise ValueError(f"'{text}' is no currency of ISO 4217, such as EUR")
    return text


def _sign(text: str) -> str:
    return text if text in SIGNS else _code(text)


Code = Annotated[str, AfterValidator(_code)]
Sign = Annotated[str, AfterValidator(_sign)]


class RatesFile(Settings):
    """A file of rates: one row a currency or, with dates, one a currency and day."""

    file: str = Field(description="of any kind that a table may have; relative to the YAML file")
    currency: str = Field(default="currency", description="their column with the code")
    rate: str = Field(default="rate", description="their column with what one unit is worth in the currency `to`")
    date: str | None = Field(
        default=None,
        description="their column with the day of a rate, which then holds until the next; without it, and for rows "
        "without a time, the last rate holds",
    )
    format: str | None = Field(default=None, description="of the dates, as of a column; else ISO 8601")
    delimiter: str | None = Field(default=None, pattern=r"^(.|\\t)\z", description="as of a table")
    encoding: str = Field(default="utf-8", description="as of a table")
    decimal: str = Field(default=".", description="as of a table")
    sheet: str | None = Field(default=None, description="as of a table")
    header: int = Field(default=1, ge=1, description="as of a table")


class CurrencySettings(Settings):
    """The currency that all prices are converted to; those without a sign or code are in it already."""

    to: Code = Field(description="code of ISO 4217, such as EUR")
    rates: dict[Sign, Annotated[float, Field(gt=0)]] | RatesFile = Field(
        default={},
        description="what one unit of each currency is worth in `to` ({USD: 0.92}), or a file of rates; a sign that "
        "several currencies share ($, kr) may be named itself; a price without a rate is emptied, with its reason",
    )

    def beside(self, folder: Path) -> Self:
        """The same, the path of a file of rates no longer relative to ``folder``."""
        if not isinstance(self.rates, RatesFile) or "://" in self.rates.file:
            return self
        return self.model_copy(update={"rates": self.rates.model_copy(update={"file": str(folder / self.rates.file)})})
