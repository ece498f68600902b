"""Which rows of a foreign table are meant, as a source file says it of their columns."""

import re
from typing import Any, Self

from pydantic import Field, model_validator

from infrastructure.settings import Settings
from recommender.data.sources.description.column_source import Cell


class RowCondition(Settings):
    """What a cell has to hold; in YAML a value or a list of values alone is short for ``{is: …}``.

    Of several keys all must hold. Cells are compared as texts without blanks around them; a missing one is none of the
    values and matches no pattern.
    """

    one_of: tuple[Cell, ...] | None = Field(default=None, alias="is", description="the value, or one of several")
    none_of: tuple[Cell, ...] | None = Field(default=None, alias="is_not", description="none of these values")
    matches: str | None = Field(default=None, description="a regular expression that is found in the cell")
    matches_not: str | None = Field(default=None, description="a regular expression that is not found in the cell")
    least: float | None = Field(default=None, description="a number that is this or more")
    most: float | None = Field(default=None, description="a number that is this or less")
    missing: bool | None = Field(default=None, description="whether the cell is empty")

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, values: Any) -> Any:
        """A value or a list alone, and a single value after ``is`` or ``is_not``, are short for the full form."""
        full: Any = values if isinstance(values, dict) else {"is": values}
        listed = {key: tuple(_as_list(full[key])) for key in ("is", "is_not") if key in full}
        return full | listed

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(value is None for value in self.model_dump().values()):
            raise ValueError("a condition says 'is', 'is_not', 'matches', 'matches_not', 'least', 'most' or 'missing'")
        for pattern in (self.matches, self.matches_not):
            _check_pattern(pattern)
        return self


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _check_pattern(pattern: str | None) -> None:
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"'{pattern}' is no regular expression: {error}") from error
