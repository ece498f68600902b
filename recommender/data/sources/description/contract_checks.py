"""Whether what a source file says of its tables fits the data contract."""

from infrastructure.errors import ConfigError
from recommender.contract import columns as c
from recommender.contract import fields as contract
from recommender.data.sources.description.table_source import TableSource


def check_tables(tables: dict[str, TableSource], where: str) -> None:
    """Check that a data set has the tables and columns that it needs, and no others.

    Args:
        tables: By name of the contract.
        where: The source file, for messages.

    Raises:
        ConfigError: It has not.
    """
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
    _check_returned(table, source, where)
    _check_times(table, source, where)
    _check_kinds(table, source, where)
    _check_key(table, source, where)
    lacking = contract.missing_columns(table, source.columns)
    if lacking:
        raise ConfigError(
            "A required column is not mapped.",
            where=where,
            field=f"tables.{table}.columns.{lacking[0]}",
            expected="the name of their column that holds it",
        )


def _check_returned(table: str, source: TableSource, where: str) -> None:
    """Only what was bought comes back; elsewhere the conditions would be passed over in silence."""
    if source.returned and c.RETURNED not in contract.fields_of(table):
        raise ConfigError(
            "Only rows of transactions come back.",
            where=where,
            field=f"tables.{table}.returned",
            value=list(source.returned),
            expected=f"'returned' of {c.TRANSACTIONS}, or 'where' to leave rows of {table} out",
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


def _check_kinds(table: str, source: TableSource, where: str) -> None:
    """Only prices have a currency, and only one text is made of several paths."""
    for name, how in source.columns.items():
        field = contract.fields_of(table)[name]
        faults = {
            "currency": how.currency is not None and name not in contract.PRICES,
            "paths": how.paths is not None and field.kind is not contract.Kind.TEXT,
        }
        for key in (key for key, wrong in faults.items() if wrong):
            raise ConfigError(
                f"{name} is {field.kind.value} and can have no '{key}'.",
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
