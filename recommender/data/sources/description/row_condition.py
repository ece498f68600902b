"""Which rows of a foreign table are meant, as a source file says it of their columns."""

import re
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from infrastructure.settings import Settings
from recommender.data.sources.description.column_source import Cell
from recommender.data.sources.description.short_forms import as_tuple


def _iso(bound: float | str) -> float | str:
    if isinstance(bound, str):
        try:
            datetime.fromisoformat(bound)
        except ValueError:
            raise ValueError(f"'{bound}' is neither a number nor a date such as 2024-01-31") from None
    return bound


Bound = Annotated[float | str, AfterValidator(_iso)]


class RowCondition(Settings):
    """What a cell has to hold; in YAML a value or a list of values alone is short for ``{is: …}``.

    Of several keys all must hold. Cells are compared as texts without blanks around them; a missing one is none of the
    values (but ``null``) and matches no pattern.
    """

    one_of: tuple[Cell, ...] | None = Field(default=None, alias="is", description="the value, or one of several")
    none_of: tuple[Cell, ...] | None = Field(default=None, alias="is_not", description="none of these values")
    matches: str | None = Field(default=None, description="a regular expression that is found in the cell")
    matches_not: str | None = Field(default=None, description="a regular expression that is not found in the cell")
    least: Bound | None = Field(
        default=None, description="a number or time (2024-01-31) that is this or more; times are read as where mapped"
    )
    most: Bound | None = Field(
        default=None, description="a number or time that is this or less; a date is its whole day"
    )
    missing: bool | None = Field(default=None, description="whether the cell is empty")

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, values: Any) -> Any:
        """A value or a list alone, and a single value after ``is`` or ``is_not``, are short for the full form."""
        full: Any = values if isinstance(values, dict) else {"is": values}
        listed = {key: as_tuple(full[key]) for key in ("is", "is_not") if key in full}
        return full | listed

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(value is None for value in self.model_dump().values()):
            raise ValueError("a condition says 'is', 'is_not', 'matches', 'matches_not', 'least', 'most' or 'missing'")
        for pattern in (self.matches, self.matches_not):
            _check_pattern(pattern)
        if self.is_of_times and any(isinstance(bound, int | float) for bound in (self.least, self.most)):
            raise ValueError("'least' and 'most' are both numbers or both times")
        return self

    @property
    def is_of_times(self) -> bool:
        """Whether a bound is a time."""
        return isinstance(self.least, str) or isinstance(self.most, str)


def _check_pattern(pattern: str | None) -> None:
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"'{pattern}' is no regular expression: {error}") from error
