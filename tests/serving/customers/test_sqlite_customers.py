import shutil
import sqlite3
import time

import pytest

from serving.customers.feast_layout import entity_key
from serving.customers.source import StoreUnavailableError
from serving.customers.sqlite import SqliteCustomers
from tests.support.servers.feast_stores import write


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feast")
    write(folder, {"type": "sqlite", "path": str(folder / "online.db")})
    return folder / "online.db"


@pytest.fixture
def path(written, tmp_path):
    return shutil.copy(written, tmp_path / "online.db")


def test_a_replaced_file_is_read_anew(path):
    store = SqliteCustomers(path, timeout=1)
    assert "ann" in store.read(["ann"])
    other = path.with_name("other.db")
    shutil.copy(path, other)
    with sqlite3.connect(other) as connection:
        connection.execute("DELETE FROM beauty_customer_profile")
        connection.execute("DELETE FROM beauty_customer_history")
    connection.close()

    other.replace(path)

    assert store.read(["ann"]) == {}


def test_what_another_connection_commits_is_seen(path):
    store = SqliteCustomers(path, timeout=1)
    store.read(["ann"])
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM beauty_customer_history")
    connection.close()

    assert store.read(["ann"])["ann"].products == ()


@pytest.mark.parametrize("harm", ["missing", "no database", "no tables"])
def test_a_store_that_cannot_be_read_is_unavailable(path, harm):
    if harm == "missing":
        path.unlink()
    elif harm == "no database":
        path.write_bytes(b"no database at all" * 100)
    else:
        changed(path, "DROP TABLE beauty_customer_history")

    with pytest.raises(StoreUnavailableError):
        SqliteCustomers(path, timeout=0.05).read(["ann"])


WRONG_TYPE, WRONG_BYTES, NO_BYTES = b"\x12\x02hi", b"\xff\xff\xff", 7
WRONG_COUNT = bytes([14 << 3 | 2, 3, 1 << 3 | 2, 1, 7])


@pytest.mark.parametrize("value", [WRONG_TYPE, WRONG_BYTES, WRONG_COUNT, NO_BYTES])
def test_a_customer_with_a_malformed_row_is_marked_and_the_others_are_read(path, value):
    update = "UPDATE beauty_customer_history SET value = ? WHERE feature_name = 'recent_times' AND entity_key = ?"
    changed(path, update, (value, entity_key("customer_id", "ann")))

    found = SqliteCustomers(path, timeout=1).read(["ann", "bob", "nobody"])

    assert found["ann"] is None
    assert found["bob"].products == ("p3",)
    assert set(found) == {"ann", "bob"}


def changed(path, statement, values=()):
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()


def test_a_locked_store_times_out(path):
    with sqlite3.connect(path) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            SqliteCustomers(path, timeout=0.05).read(["ann"])
        assert time.monotonic() - start < 1
    writer.close()
