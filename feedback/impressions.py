"""Impressions that endpoints send to the collector: their contract, and the table that keeps each once."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from feedback.database import Database, Transactions
from feedback.events import STORABLE, Rejection, validate_rows
from recommender.contract.impressions import COLUMNS, sql_columns
from recommender.contract.message_ids import Id

Table = Literal["impressions", "shadow_impressions"]

TABLES: Final[tuple[Table, ...]] = get_args(Table)

Name = Annotated[str, StringConstraints(max_length=200, pattern=STORABLE)]
_LONGEST: Final = 100_000

_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS {table} (impression_id TEXT PRIMARY KEY, {columns})",
    "CREATE INDEX IF NOT EXISTS {table}_time ON {table} (time)",
    "CREATE INDEX IF NOT EXISTS {table}_customer ON {table} (customer)",
)


class ReceivedImpression(BaseModel):
    """What a row has to be: an ``Impression`` within limits; fields of later versions of the endpoint are ignored.

    Attributes:
        impression_id: Chosen by the endpoint; the same one twice counts once. A request's id would not do: it is the
            app's to choose, and one request may ask for several customers.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    impression_id: Id
    request_id: Id
    time: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    customer: Name
    variant: Name
    model_version: Name
    products: Annotated[str, StringConstraints(max_length=_LONGEST, pattern=STORABLE)]
    scores: Annotated[str, StringConstraints(max_length=_LONGEST, pattern=STORABLE)]
    fallback: Name
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    kind: Name | None = None
    k: Annotated[int, Field(ge=0, le=_LONGEST)] | None = None
    brought: Annotated[str, StringConstraints(max_length=1000, pattern=STORABLE)] | None = None

    @field_validator("products", "scores")
    @classmethod
    def _is_list(cls, text: str) -> str:
        """Monitoring reads it as JSON, long after the sender could correct it."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, list):
            raise ValueError("it is to be a list, as JSON")
        return text


FIELDS: Final = ("impression_id", *COLUMNS)


def parse_impressions(rows: Sequence[Any]) -> tuple[list[ReceivedImpression], list[Rejection]]:
    """The valid impressions among ``rows``, and why each other row was rejected."""
    return validate_rows(ReceivedImpression, rows)


class ImpressionStore:
    """Impressions in the log's database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._transactions = Transactions(database)
        with self._transactions.begin() as cursor:
            columns = ", ".join(f"{name} {definition}" for name, definition in sql_columns("DOUBLE PRECISION").items())
            for table in TABLES:
                for statement in _SCHEMA:
                    cursor.execute(statement.format(table=table, columns=columns))

    def add(self, impressions: Sequence[ReceivedImpression], table: Table) -> int:
        """Keep impressions and return how many were new; they are on disk when this returns."""
        if not impressions:
            return 0
        marks = ", ".join([self._database.placeholder] * len(FIELDS))
        insert = f"INSERT INTO {table} ({', '.join(FIELDS)}) VALUES ({marks}) ON CONFLICT (impression_id) DO NOTHING"  # noqa: S608 (names of ours)
        rows = [tuple(getattr(impression, name) for name in FIELDS) for impression in impressions]
        with self._transactions.begin() as cursor:
            cursor.executemany(insert, rows)
            return cursor.rowcount

    def close(self) -> None:
        """Close the connection."""
        self._transactions.close()
