"""Builders that several monitoring tests share."""

from collections.abc import Callable
from itertools import count
from typing import Any

import psycopg
import pytest

from feedback.database import postgres, sqlite
from tests.support.servers.postgres_server import server

NOW = 1_750_000_000.0
_NUMBERS = count()


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    """One well-formed event row, with whatever a test changes."""

    def make(event_id: str = "e1", **changes: Any) -> dict[str, Any]:
        return {
            "event_id": event_id,
            "customer_id": "c1",
            "type": "view",
            "product_id": "p1",
            "time": NOW,
            **changes,
        }

    return make


@pytest.fixture(scope="session")
def postgres_server():
    """Address of a PostgreSQL server."""
    with server() as address:
        yield address


@pytest.fixture
def postgres_address(postgres_server):
    """Address of an empty PostgreSQL database."""
    name = f"log{next(_NUMBERS)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres_server}/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def kept_in(request, tmp_path):
    """Each kind of database that may keep the log, empty."""
    if request.param == "sqlite":
        return sqlite(tmp_path / "log.db")
    return postgres(request.getfixturevalue("postgres_address"))
