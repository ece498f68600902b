"""Where one table is and how it is written, as a source file says it."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BeforeValidator, Field, model_validator

from infrastructure.settings import Settings
from recommender.contract import fields as contract
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.currency_settings import CurrencySettings
from recommender.data.sources.description.remote_settings import ApiSource, SqlSource
from recommender.data.sources.description.row_condition import RowCondition
from recommender.data.sources.description.shape_settings import (
    NEED_ALL_ROWS,
    Explodes,
    FillDown,
    On,
    Pivot,
    Unpacks,
    shared_names,
)
from recommender.data.sources.description.short_forms import as_tuple

Quoting = Literal["double", "backslash", "none"]


class TableSource(Settings):
    """Where one table is and how it is written: in a file, a database or a web API."""

    like: str | None = Field(
        default=None,
        description="a well-known export (see Presets): what it says of its table of this name holds for every key and "
        "column that is not given here; null takes one out",
    )
    file: str | tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="csv, tsv, txt, jsonl or json (each also compressed: gz, bz2, xz, zst, zip), xlsx, xls, xlsb, "
        "ods, parquet, avro, a folder of Parquet files, or that of a Delta or Iceberg table; relative to the YAML "
        "file, or a file's address such as s3://bucket/sales.csv; a pattern (sales-*.csv) or a list names several "
        "files with the same columns, which are read one after another",
    )
    sql: SqlSource | None = Field(default=None, description="a query in a database, instead of a file")
    api: ApiSource | None = Field(default=None, description="a list behind a URL, instead of a file")
    key: tuple[str, ...] = Field(
        default=(), description="our columns that name a row, where a cursor is given: a restated row takes its place"
    )
    columns: dict[str, ColumnSource] = Field(description="our column: theirs")
    sheet: str | None = Field(default=None, description="of a spreadsheet, by its name; else the first")
    header: int = Field(
        default=1, ge=1, description="line of a text file or spreadsheet in which the column names stand, from 1"
    )
    delimiter: str | None = Field(
        default=None,
        pattern=r"^(.|\\t)\z",
        description="one character between cells; else a comma in csv, a tab in tsv, tab, txt and dat",
    )
    quoting: Quoting | None = Field(
        default=None,
        description="what a quote in a csv or tsv file is: it encloses a cell, and is doubled in it ('double') or "
        "follows a backslash ('backslash'), or it is text ('none'); else what fits every line",
    )
    encoding: str = Field(default="utf-8", description="of a text file")
    missing: tuple[str, ...] = Field(
        default=(), description="words that stand for a missing value (['NA', '-']); else only an empty cell does"
    )
    thousands: str | None = Field(
        default=None, description="mark between thousands of numbers that stand as text; '.' where decimal is ','"
    )
    decimal: str = Field(
        default_factory=lambda others: "," if others.get("thousands") == "." else ".",
        description="decimal mark of numbers that stand as text; else '.', or ',' where thousands is '.'",
    )
    currency: CurrencySettings | None = Field(
        default=None, description="of this table's prices, where it differs from the data set's"
    )
    one_row_per: str | None = Field(
        default=None,
        description="one of our columns: of the rows that share its value, the most frequent one is kept (of equally "
        "frequent ones the last), its gaps filled by the others, what is avoided or contained added up; so customers "
        "can be read from a table of reviews",
    )
    fill_down: FillDown | None = Field(
        default=None, description="columns whose value stands in the first row of several only (a list, or see below)"
    )
    explode: Explodes = Field(default=(), description="a list in a cell of which each entry becomes a row (see below)")
    unpack: Unpacks = Field(default=(), description="names and values that stand in one cell (see below)")
    pivot: Pivot | None = Field(default=None, description="a table with a property a row (see below)")
    join: Annotated[tuple["JoinedTable", ...], BeforeValidator(as_tuple)] = Field(
        default=(), description="other tables whose columns stand beside these (see below)"
    )
    where: dict[str, RowCondition] = Field(
        default={}, description="their column: the value or values that a row must have to be read (or see below)"
    )

    @model_validator(mode="after")
    def _different_marks(self) -> Self:
        if self.thousands is not None and self.thousands == self.decimal:
            raise ValueError(f"'{self.decimal}' cannot stand both between thousands and before decimals")
        return self

    returned: dict[str, RowCondition] = Field(
        default={},
        description="of transactions, conditions as of `where`: rows that fulfil them all were purchases and came back "
        "as a whole",
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.file, self.sql, self.api)) != 1:
            raise ValueError("give one of 'file', 'sql' and 'api'")
        for key, reason in NEED_ALL_ROWS.items():
            if self.cursor is not None and getattr(self, key) is not None:
                raise ValueError(reason)
        return self

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        """Of every column it must be known which table it is from, where that says how it is to be read."""
        prefixes = [table.prefix for table in self.join if table.prefix is not None]
        if twice := shared_names(prefixes):
            raise ValueError(f"two joined tables are named '{twice}': give each another 'as'")
        for table in self.join:
            marks = (table.decimal, table.thousands_mark)
            if table.prefix is None and marks != (self.decimal, self.thousands_mark):
                raise ValueError("a joined table with marks in numbers of its own needs a name: add 'as'")
        return self

    @property
    def files(self) -> tuple[str, ...]:
        """The names, addresses and patterns of the table's files, none of a database or API."""
        return (self.file,) if isinstance(self.file, str) else self.file or ()

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
        if self.api is not None:
            return self.api.url.partition("?")[0]
        return ", ".join(name.partition("?")[0] if "://" in name else name for name in self.files)

    def mark_for(self, path: Path) -> str:
        """What stands between the cells of a csv or tsv file."""
        if self.delimiter is None:
            return "," if ".csv" in map(str.lower, path.suffixes[-2:]) else "\t"
        return "\t" if self.delimiter == "\\t" else self.delimiter

    def identity(self, table: str) -> tuple[str, ...]:
        """Our columns that name a row of a table with a cursor."""
        return self.key or contract.IDENTITIES[table]

    @property
    def thousands_mark(self) -> str:
        """The mark between thousands, empty where there is none."""
        return self.thousands or ("." if self.decimal == "," else "")

    def table_of(self, column: str) -> "TableSource":
        """The table that a column is from, by its name: a joined one with ``as``, else this."""
        return next((table for table in self.join if table.brings(column)), self)


class JoinedTable(TableSource):
    """A table whose columns stand beside those of another one; it may be shaped, and have joined tables, itself."""

    columns: dict[str, ColumnSource] = Field(default={}, description="of a joined table none: the table it joins has")
    on: On = Field(
        min_length=1,
        description="the column that says which rows belong together, several ([order, sku]), or the names in both "
        "tables ({ours: theirs}); ids are the same in every spelling (7, '7.0')",
    )
    prefix: str | None = Field(
        default=None,
        alias="as",
        min_length=1,
        description="a name for the table: its columns are then name.column; else only columns that ours lacks are "
        "taken from it",
    )
    sums: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = Field(
        default=(),
        alias="sum",
        description="columns to add up where several rows have the same key; else the last counts",
    )

    @model_validator(mode="before")
    @classmethod
    def _on_is_a_word(cls, values: Any) -> Any:
        """``on`` without quotes, which YAML reads as a truth, is the key."""
        if not isinstance(values, dict) or "true" not in values:
            return values
        return {"on" if key == "true" else key: value for key, value in cast("dict[str, Any]", values).items()}

    @model_validator(mode="after")
    def _joins_only(self) -> Self:
        own: dict[str, Any] = {key: getattr(self, key) for key in ("columns", "key", "one_row_per", "cursor")}
        if wrong := next((key for key, value in own.items() if value), None):
            raise ValueError(
                f"a joined table has no '{wrong}': it is read whole, and the table it joins has the columns"
            )
        return self

    def brings(self, column: str) -> bool:
        """Whether a column has this table's name."""
        return self.prefix is not None and column.startswith(f"{self.prefix}.")
