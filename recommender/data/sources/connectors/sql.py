"""A query in a database as a frame, by any SQLAlchemy URL."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import sqlalchemy
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from infrastructure.errors import ConfigError, DataError
from recommender.data.sources.description.remote_settings import SqlSource, secret_from_environment
from recommender.data.sources.reading.frames import frame_of


def read_sql(source: SqlSource, since: object = None, first: int | None = None) -> pd.DataFrame:
    """The rows of a query under its own column names: those whose cursor is at least ``since`` (or missing), or all.

    With ``first`` only so many of them are fetched.

    Raises:
        ConfigError: The environment has no URL, or it names no driver that is installed.
        DataError: The database does not answer, refuses the query, or disconnects during it.
    """
    return pd.concat(read_sql_in_parts(source, since, first=first), ignore_index=True)


def read_sql_in_parts(
    source: SqlSource, since: object = None, rows: int | None = None, first: int | None = None
) -> Iterator[pd.DataFrame]:
    """The same in frames of at most ``rows`` rows, at least one, columns of any type; by the server's cursor.

    Raises:
        ConfigError: As :func:`read_sql`.
        DataError: As :func:`read_sql`.
    """
    url = secret_from_environment(source.database, field="sql.database")
    try:
        engine = sqlalchemy.create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigError(
            f"Not a usable SQLAlchemy URL: {type(error).__name__}.", where="the environment", field=source.database,
            expected="such as postgresql+psycopg://user:password@host/database",
        ) from None  # fmt: skip
    try:
        with engine.connect() as connection:
            yield from _parts(connection, source, since, rows if first is None else first, once=first is not None)
    except SQLAlchemyError as error:
        problem = " ".join(str(getattr(error, "orig", None) or error).split())
        password = engine.url.password
        raise DataError(
            f"The database cannot be read: {problem.replace(str(password), '***') if password else problem}",
            where=engine.url.render_as_string(hide_password=True), field="sql.query", value=source.query,
            expected="a database that answers this query",
        ) from None  # fmt: skip
    finally:
        engine.dispose()


def _parts(
    connection: Any, source: SqlSource, since: object, size: int | None, *, once: bool
) -> Iterator[pd.DataFrame]:
    query, values = source.query.strip().rstrip(";"), {}
    if since is not None and source.cursor is not None:
        cursor = connection.dialect.identifier_preparer.quote(source.cursor)
        query = f"select * from ({query}) as asked where {cursor} >= :since or {cursor} is null"  # noqa: S608 (quoted)
        values = {"since": since}
    # Without this the driver fetches all rows at once.
    streamed = connection if size is None else connection.execution_options(stream_results=True)
    found = streamed.execute(sqlalchemy.text(query), values)
    names = [str(name) for name in found.keys()]  # noqa: SIM118 (no mapping)
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise DataError(
            "Several columns have this name.", where=f"the database of {source.database}", field=repeated,
            value=source.query, expected="names of which each is there once (select p.id as product_id, ...)",
        )  # fmt: skip
    yield frame_of(found.fetchall() if size is None else found.fetchmany(size), names)
    while size is not None and not once and (rows := found.fetchmany(size)):
        yield frame_of(rows, names)
