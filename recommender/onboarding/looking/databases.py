"""The tables of a database, by any SQLAlchemy URL."""

from typing import Any, Final

import pandas as pd
import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from infrastructure.errors import ConfigError, DataError
from recommender.onboarding.found_table import DatabaseTable, FoundTable
from recommender.onboarding.looking.names import words_of

_SAMPLE: Final = 4_000


def database_tables(url: str, variable: str) -> list[FoundTable]:
    """Look at the tables and views of a database; the source file will name ``variable``, never the URL.

    Raises:
        ConfigError: No driver is installed for this URL.
        DataError: The database does not answer.
    """
    try:
        engine = sqlalchemy.create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigError(
            f"Not a usable SQLAlchemy URL: {type(error).__name__}.",
            where="the command line",
            expected="such as postgresql+psycopg://user:password@host/database, its driver installed",
        ) from None
    try:
        with engine.connect() as connection:
            return _tables(connection, variable)
    except SQLAlchemyError as error:
        problem = " ".join(str(getattr(error, "orig", None) or type(error).__name__).split())
        password = engine.url.password
        raise DataError(
            f"The database cannot be read: {problem.replace(str(password), '***') if password else problem}",
            where=engine.url.render_as_string(hide_password=True),
            expected="a database that answers, with a user who may read its tables",
        ) from None
    finally:
        engine.dispose()


def _tables(connection: Any, variable: str) -> list[FoundTable]:
    inspector: Any = sqlalchemy.inspect(connection)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    return [_table(connection, inspector, name, variable) for name in names]


def _table(connection: Any, inspector: Any, name: str, variable: str) -> FoundTable:
    quote: Any = connection.dialect.identifier_preparer.quote
    columns = [str(column["name"]) for column in inspector.get_columns(name)]
    place = DatabaseTable(variable, quote(name), {column: quote(column) for column in columns})
    rows = int(connection.execute(sqlalchemy.text(f"select count(*) from {place.table}")).scalar() or 0)  # noqa: S608
    query = sqlalchemy.select(*(sqlalchemy.column(column) for column in columns)).select_from(sqlalchemy.table(name))
    found = connection.execute(_spread(query, inspector, name, rows)).fetchall()
    frame = pd.DataFrame(
        {column: pd.Series([row[at] for row in found], dtype=object) for at, column in enumerate(columns)}
    )
    return FoundTable(f"table {name}", words_of(name), {}, frame, rows, len(found) == rows, database=place)


def _spread(query: Any, inspector: Any, name: str, rows: int) -> Any:
    """Every so many rows by the primary key where that is one number; else the first ones."""
    key = inspector.get_pk_constraint(name).get("constrained_columns") or []
    kinds = {column["name"]: column["type"] for column in inspector.get_columns(name)}
    step = rows // _SAMPLE
    if step > 1 and len(key) == 1 and isinstance(kinds[key[0]], sqlalchemy.Integer):
        query = query.where(sqlalchemy.column(key[0], sqlalchemy.Integer) % step == 0)
    return query.limit(_SAMPLE + 1 if step <= 1 else 2 * _SAMPLE)
