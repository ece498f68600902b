"""A table in a database or behind a web API, as a source file describes it; its secrets stand in the environment."""

import os
from typing import Final, Self

from pydantic import Field, model_validator

from infrastructure.errors import ConfigError
from infrastructure.settings import Settings

VARIABLE: Final = r"^[A-Za-z_][A-Za-z0-9_]*$"
"""Secrets are given by the name of an environment variable, never by their value."""


class SqlSource(Settings):
    """A query in a database."""

    database: str = Field(pattern=VARIABLE, description="environment variable that holds the SQLAlchemy URL")
    query: str = Field(min_length=1, description="a select statement; its columns are the table's")
    cursor: str | None = Field(
        default=None,
        description="their column that grows with every change (a time or number): the next ingest asks only for "
        "rows from the greatest known value on; the whole table is stored in the workspace",
    )


class ApiSource(Settings):
    """A list of JSON objects behind a URL."""

    url: str = Field(pattern="^https?://", description="of the first page")
    parameters: dict[str, str] = Field(default={}, description="of every request's query")
    headers: dict[str, str] = Field(
        default={}, description="header: environment variable that holds its value (Authorization: SHOP_TOKEN)"
    )
    records: str | None = Field(
        default=None, description="path to the list in an answer (data.items); without it the answer is the list"
    )
    next: str | None = Field(
        default=None, description="path to the next page's URL in an answer; without it the Link header is followed"
    )
    page: str | None = Field(
        default=None, description="parameter that counts the pages from 1, instead of links; an empty page is the last"
    )
    cursor: str | None = Field(default=None, description="as of `sql`; an entry's key")
    since: str | None = Field(default=None, description="parameter that asks for entries from a cursor on")
    tries: int = Field(default=6, ge=1, description="of a request that gets no answer, 429 or 5xx; waits double")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if (self.cursor is None) != (self.since is None):
            raise ValueError("give 'cursor' and 'since' together")
        if self.next is not None and self.page is not None:
            raise ValueError("give either 'next' or 'page'")
        return self


def secret_from_environment(variable: str, *, field: str) -> str:
    """The value of an environment variable.

    Raises:
        ConfigError: It is not set; the error names the variable and ``field``, never a value.
    """
    value = os.environ.get(variable, "")
    if not value:
        raise ConfigError(
            "An environment variable is not set.", where="the environment", field=field, value=variable,
            expected=f"export {variable}=... before the command",
        )  # fmt: skip
    return value
