"""How the rows of a foreign table are brought into the shape of ours, as a source file says it."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from infrastructure.settings import Settings
from recommender.data.sources.description.short_forms import as_tuple
from recommender.data.sources.description.time_settings import format_fault

Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
"""One name, or a list of them."""


class FillDown(Settings):
    """Cells that stand in the first row of several only; in YAML a list of columns is short for ``{columns: …}``."""

    columns: Names = Field(min_length=1, description="an empty cell of these has the value above it")
    within: str | None = Field(
        default=None,
        description="a column: cells are filled only from rows above with the same value there, so that nothing passes "
        "from one order to the next",
    )

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, values: Any) -> Any:
        return values if isinstance(values, dict) else {"columns": as_tuple(values)}


class Explode(Settings):
    """A row for each entry of a list."""

    column: Names = Field(
        min_length=1,
        description="holds a list, or a text that is a JSON array; several columns have equally long ones. Keys of "
        "entries that are objects are reached as column.key",
    )
    separator: str | None = Field(
        default=None, min_length=1, description="between the entries, where a text is no JSON array"
    )


class Unpack(Settings):
    """Names and values that stand in one cell, for dotted names to reach as column.name."""

    column: str = Field(description="holds a list of objects, or a text with several names and values")
    key: str | None = Field(default=None, description="of a list's objects: where the name stands")
    value: Names = Field(
        default=(), description="of a list's objects: where the value stands; of several the first that is there"
    )
    separator: str | None = Field(default=None, min_length=1, description="of a text: between one pair and the next")
    equals: str | None = Field(default=None, min_length=1, description="of a text: between name and value")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        objects, text = (self.key is not None, bool(self.value)), (self.separator is not None, self.equals is not None)
        if not ((all(objects) and not any(text)) or (all(text) and not any(objects))):
            raise ValueError("give 'key' and 'value' of a list's objects, or 'separator' and 'equals' of a text")
        return self


class Pivot(Settings):
    """Rows of properties, of which those of one key become one row; properties that are not mapped are left out."""

    key: str = Field(description="column that says what the property is of")
    property: str = Field(description="column of the properties' names, which become columns")
    value: str = Field(description="column of their values")
    time: str | None = Field(
        default=None, description="column of the time of a value: the last one counts; else that of the last row does"
    )
    format: str | None = Field(
        default=None, description="of `time`, as of a column; not needed for numbers and ISO 8601"
    )

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.format is not None and (fault := format_fault(self.format)):
            raise ValueError(fault)
        return self


def _pairs(value: Any) -> Any:
    """``order_id``, ``[order_id, sku]`` and ``{ours: theirs}`` as pairs of columns."""
    if isinstance(value, dict):
        return value
    return {name: name for name in as_tuple(value)}


On = Annotated[dict[str, str], BeforeValidator(_pairs)]
"""Our table's columns and those of the joined one that hold the same."""

Explodes = Annotated[tuple[Explode, ...], BeforeValidator(as_tuple)]
Unpacks = Annotated[tuple[Unpack, ...], BeforeValidator(as_tuple)]

NEED_ALL_ROWS: Final = {
    "one_row_per": "'one_row_per' needs all rows, a cursor brings only new ones",
    "pivot": "'pivot' needs all rows of a key, a cursor brings only new ones",
    "fill_down": "'fill_down' needs the rows above, a cursor brings only new ones",
}
"""Keys that do not go with a cursor, and why."""


def shared_names(names: Sequence[str]) -> str | None:
    """The first name that stands twice."""
    return next((name for name in names if names.count(name) > 1), None)
