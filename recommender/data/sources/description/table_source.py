"""Where one table is and how it is written, as a source file says it."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from infrastructure.settings import Settings
from recommender.contract import fields as contract
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.remote_settings import ApiSource, SqlSource

Quoting = Literal["double", "backslash", "none"]


class TableSource(Settings):
    """Where one table is and how it is written: in a file, a database or a web API."""

    file: str | None = Field(
        default=None,
        description="csv, tsv, jsonl (each also .gz) or parquet; relative to the YAML file, or an address such as s3://bucket/sales.csv",
    )
    sql: SqlSource | None = Field(default=None, description="a query in a database, instead of a file")
    api: ApiSource | None = Field(default=None, description="a list behind a URL, instead of a file")
    key: tuple[str, ...] = Field(
        default=(), description="our columns that name a row, where a cursor is given: a restated row takes its place"
    )
    columns: dict[str, ColumnSource] = Field(description="our column: theirs")
    delimiter: str | None = Field(
        default=None,
        pattern=r"^(.|\\t)\z",
        description="one character between cells; else a tab in tsv, a comma in csv",
    )
    quoting: Quoting | None = Field(
        default=None,
        description="what a quote in a csv or tsv file is: it encloses a cell, and is doubled in it ('double') or "
        "follows a backslash ('backslash'), or it is text ('none'); else what fits every line",
    )
    encoding: str = Field(default="utf-8", description="of a csv, tsv or jsonl file")
    missing: tuple[str, ...] = Field(
        default=(), description="words that stand for a missing value (['NA', '-']); else only an empty cell does"
    )
    decimal: str = Field(default=".", description="decimal mark of numbers that stand as text")
    thousands: str | None = Field(
        default=None, description="mark between thousands of numbers that stand as text; '.' where decimal is ','"
    )
    one_row_per: str | None = Field(
        default=None,
        description="one of our columns: of the rows that share its value, the most frequent one is kept (of equally "
        "frequent ones the last), its gaps filled by the others, what is avoided or contained added up; so customers "
        "can be read from a table of reviews",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.file, self.sql, self.api)) != 1:
            raise ValueError("give one of 'file', 'sql' and 'api'")
        if self.cursor is not None and self.one_row_per is not None:
            raise ValueError("'one_row_per' needs all rows, a cursor brings only new ones")
        return self

    @property
    def cursor(self) -> str | None:
        """Their column by which only new and changed rows are read."""
        remote = self.sql or self.api
        return remote.cursor if remote else None

    @property
    def place(self) -> str:
        """Where the table is, for messages."""
        if self.sql is not None:
            return f"the database of {self.sql.database}"
        return (self.api.url if self.api is not None else str(self.file)).partition("?")[0]

    def mark_for(self, path: Path) -> str:
        """What stands between the cells of a csv or tsv file."""
        if self.delimiter is None:
            return "\t" if ".tsv" in path.suffixes[-2:] else ","
        return "\t" if self.delimiter == "\\t" else self.delimiter

    def identity(self, table: str) -> tuple[str, ...]:
        """Our columns that name a row of a table with a cursor."""
        return self.key or contract.IDENTITIES[table]

    @property
    def thousands_mark(self) -> str:
        """The mark between thousands, empty where there is none."""
        return self.thousands or ("." if self.decimal == "," else "")
