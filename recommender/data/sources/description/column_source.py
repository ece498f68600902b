"""How one of our columns is made from theirs, as a source file says it."""

import re
from typing import Any, Self

from pydantic import Field, model_validator

from infrastructure.settings import Settings
from recommender.data.sources.description.short_forms import tuples
from recommender.data.sources.description.time_settings import ISO_8601, formats_fault, is_zone

Cell = str | int | float | bool | None


class ColumnSource(Settings):
    """How one of our columns is made from theirs; in YAML a bare name stands for ``{from: name}``."""

    read: tuple[str, ...] = Field(
        default=(),
        alias="from",
        description="their column, or several that are joined: to a path ('A > B') or to one longer list",
    )
    constant: Cell = Field(default=None, description="the same value in every row, instead of a column")
    values: dict[str, Cell] = Field(
        default={}, description="their value: ours (null for missing); applies to each entry of a list, others stay"
    )
    format: str | tuple[str, ...] | None = Field(
        default=None,
        description="of dates: s, ms, us or ns (since 1970), excel (its days), iso, or as in strptime ('%d.%m.%Y'); of "
        "several the first that reads a cell counts; else ISO 8601",
    )
    timezone: str | None = Field(
        default=None,
        description="of times without an offset (Europe/Berlin), else UTC; an hour that the clocks show twice is read "
        "as its first, one that they leave out goes to the quarantine",
    )
    separator: str | None = Field(default=None, description="between the entries of a list that stands in one text")
    literal: bool = Field(default=False, description="the text is a list as Python prints it: ['a', 'b'] or 'a', 'b'")
    paths: str | None = Field(
        default=None,
        description="between category paths of which one cell holds several (','), their parts divided by `separator`; "
        "the deepest counts, of equally deep ones the first",
    )
    extract: str | None = Field(
        default=None,
        description="a regular expression: what its first group matches is the cell's text ('^([^-]+) - '), and where "
        "it matches nothing the cell is missing",
    )
    currency: str | None = Field(
        default=None, description="of a price: their column with its currency's code; else the sign or code in the cell"
    )
    scale: float = Field(
        default=1,
        gt=0,
        description="numbers are multiplied by it (0.01: they are in cents; 5: ratings are percentages of five stars)",
    )

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, values: Any) -> Any:
        """A name alone, and a single name after ``from``, are short for the full form."""
        full: Any = {"from": values} if isinstance(values, str) else tuples(values)
        if isinstance(full, dict) and isinstance(full.get("from"), str):
            return full | {"from": (full["from"],)}
        return full

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if bool(self.read) == (self.constant is not None):
            raise ValueError("give either 'from' or 'constant'")
        if fault := formats_fault(self.formats):
            raise ValueError(fault)
        if self.timezone is not None and not is_zone(self.timezone):
            raise ValueError(f"there is no time zone '{self.timezone}', but such as Europe/Berlin")
        if self.extract is not None and (fault := _pattern_fault(self.extract)):
            raise ValueError(fault)
        if self.constant is not None and self.currency is not None:
            raise ValueError("'currency' is of a column, not of a 'constant'")
        return self

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of a date or time, one or several."""
        if self.format is None:
            return (ISO_8601,)
        return (self.format,) if isinstance(self.format, str) else self.format

    @property
    def needed(self) -> tuple[str, ...]:
        """Their columns that this one is made from."""
        return self.read if self.currency is None else (*self.read, self.currency)


def _pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern of which the first group is taken; None where nothing is."""
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        return f"'{pattern}' is no regular expression: {error}"
    return None if groups else f"'{pattern}' has no group: put parentheses around what is to be taken"
