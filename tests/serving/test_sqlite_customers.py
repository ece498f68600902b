import shutil
import sqlite3
import time

import pytest
from feast_stores import write

from serving.customers import StoreUnavailableError
from serving.sqlite_customers import SqliteCustomers


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


@pytest.mark.parametrize("harm", ["missing", "no database", "no tables", "wrong type", "wrong bytes", "wrong count"])
def test_a_store_that_cannot_be_read_is_unavailable(path, harm):
    connection = sqlite3.connect(path)
    update = "UPDATE beauty_customer_history SET value = ? WHERE feature_name = 'recent_times'"
    if harm == "missing":
        path.unlink()
    elif harm == "no database":
        path.write_bytes(b"no database at all" * 100)
    elif harm == "no tables":
        connection.execute("DROP TABLE beauty_customer_history")
    elif harm == "wrong type":
        connection.execute(update, (b"\x12\x02hi",))
    elif harm == "wrong bytes":
        connection.execute(update, (b"\xff\xff\xff",))
    else:
        connection.execute(update, (bytes([14 << 3 | 2, 3, 1 << 3 | 2, 1, 7]),))
    connection.commit()
    connection.close()

    with pytest.raises(StoreUnavailableError):
        SqliteCustomers(path, timeout=0.05).read(["ann"])


def test_a_locked_store_is_given_up_in_time(path):
    with sqlite3.connect(path) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            SqliteCustomers(path, timeout=0.05).read(["ann"])
        assert time.monotonic() - start < 1
    writer.close()
