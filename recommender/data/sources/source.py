"""A data set's YAML file: where each table is, and how foreign columns and values map to ours."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from infrastructure.errors import ConfigError
from infrastructure.settings import Settings, checked, read_yaml
from recommender.contract import fields as contract
from recommender.data.sources.remote_settings import ApiSource, SqlSource
from recommender.data.sources.time_settings import format_fault, is_zone
from recommender.synthetic.settings import SyntheticSettings

Cell = str | int | float | bool | None

Quoting = Literal["double", "backslash", "none"]


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
    format: str | None = Field(
        default=None,
        description="of dates: s, ms, us or ns (since 1970), excel (its days), or as in strptime ('%d.%m.%Y'); else "
        "ISO 8601",
    )
    timezone: str | None = Field(
        default=None,
        description="of times without an offset (Europe/Berlin), else UTC; an hour that the clocks show twice is read "
        "as its first, one that they leave out goes to the quarantine",
    )
    separator: str | None = Field(default=None, description="between the entries of a list that stands in one text")
    literal: bool = Field(default=False, description="the text is a list as Python prints it: ['a', 'b'] or 'a', 'b'")
    scale: float = Field(default=1, gt=0, description="numbers are multiplied by it (0.01: they are in cents)")

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, values: Any) -> Any:
        """A name alone, and a single name after ``from``, are short for the full form."""
        full: Any = {"from": values} if isinstance(values, str) else values
        if isinstance(full, dict) and isinstance(full.get("from"), str | list):
            names = full["from"]
            return full | {"from": (names,) if isinstance(names, str) else tuple(names)}
        return full

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if bool(self.read) == (self.constant is not None):
            raise ValueError("give either 'from' or 'constant'")
        if self.format is not None and (fault := format_fault(self.format)):
            raise ValueError(fault)
        if self.timezone is not None and not is_zone(self.timezone):
            raise ValueError(f"there is no time zone '{self.timezone}', but such as Europe/Berlin")
        return self


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


class TableSources(Settings):
    """The tables of the contract that a data set has."""

    customers: TableSource | None = None
    products: TableSource | None = None
    transactions: TableSource | None = None
    ratings: TableSource | None = None
    events: TableSource | None = None

    def present(self) -> dict[str, TableSource]:
        """The tables that are named, in the order of the contract."""
        found = {table: getattr(self, table) for table in contract.CONTRACT}
        return {table: source for table, source in found.items() if source is not None}


class Source(Settings):
    """One data set: either tables in files, or the synthetic shop."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="also the folder that its models are kept in")
    config: str | None = Field(
        default=None,
        min_length=1,
        description="YAML file of its parameters that differ from the defaults, unless a command is given another; "
        "relative to this file",
    )
    tables: TableSources = TableSources()
    synthetic: SyntheticSettings | None = Field(default=None, description="generate the tables instead of reading them")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a source file.

        Raises:
            ConfigError: The file is missing, not YAML, or does not describe a usable data set.
        """
        source = checked(cls, read_yaml(path), where=str(path))
        tables = source.tables.present()
        if source.synthetic is None:
            _check_tables(tables, str(path))
        elif tables:
            raise ConfigError(
                "A synthetic data set has no files.",
                where=str(path),
                field="tables",
                expected="either 'tables' or 'synthetic'",
            )
        return source


def _check_tables(tables: dict[str, TableSource], where: str) -> None:
    lacking = contract.missing_tables(tables)
    if lacking:
        raise ConfigError(
            "The data set lacks a table it cannot do without.",
            where=where,
            field="tables",
            value=list(tables),
            expected=lacking,
        )
    for name, table in tables.items():
        _check_columns(name, table, where)


def _check_columns(table: str, source: TableSource, where: str) -> None:
    known = contract.fields_of(table)
    keys = [*source.columns, *([source.one_row_per] if source.one_row_per else [])]
    for key in keys:
        if key not in known:
            raise ConfigError(
                f"There is no such column in our {table} table.",
                where=where,
                field=f"tables.{table}.columns",
                value=key,
                expected=f"one of: {', '.join(known)}",
            )
    _check_times(table, source, where)
    _check_key(table, source, where)
    lacking = contract.missing_columns(table, source.columns)
    if lacking:
        raise ConfigError(
            "A required column is not mapped.",
            where=where,
            field=f"tables.{table}.columns.{lacking[0]}",
            expected="the name of their column that holds it",
        )


def _check_times(table: str, source: TableSource, where: str) -> None:
    """Only times have a format and a zone; of another column they would be passed over in silence."""
    for name, how in source.columns.items():
        kind = contract.fields_of(table)[name].kind
        for key in ("format", "timezone"):
            if getattr(how, key) is not None and kind is not contract.Kind.TIME:
                raise ConfigError(
                    f"Only a date or time has a {key}; {name} is {kind.value}.",
                    where=where,
                    field=f"tables.{table}.columns.{name}.{key}",
                    value=getattr(how, key),
                )


def _check_key(table: str, source: TableSource, where: str) -> None:
    """A table with a cursor needs columns that identify its rows."""
    for name in source.identity(table) if source.cursor else source.key:
        if name not in source.columns:
            raise ConfigError(
                "A table with a cursor needs columns that name a row, so that a restated row is not doubled.",
                where=where,
                field=f"tables.{table}.key",
                value=name,
                expected=f"some of: {', '.join(source.columns)}",
            )


@contextmanager
def source_as_file(path_or_text: str) -> Generator[Path]:
    """Yield the path of a source file, given by path or by text: a pipeline's pods cannot read a local file.

    A file made from a text is removed after the block. Files that a text names are not beside it, so it has to name
    them by addresses (or absolute paths of the pod). A text has the end of a line in it, unlike a path.
    """
    if "\n" not in path_or_text:
        yield Path(path_or_text)
        return
    with tempfile.TemporaryDirectory(prefix="source-") as folder:
        file = Path(folder) / "source.yaml"
        file.write_text(path_or_text, encoding="utf-8")
        yield file


def source_as_text(file: Path) -> str:
    """A source file's text, for pods that cannot read the file; it always has a line end, unlike a path."""
    text = file.read_text(encoding="utf-8")
    return text if "\n" in text else f"{text}\n"
