import shutil
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import feast
import pandas as pd
import pytest
import yaml
from feast.data_source import PushSource
from feast.types import Array, Int64, String

import feature_repo
from serving.customers import Customer, NoCustomers, StoreUnavailableError
from serving.feast_layout import PROJECT
from serving.sqlite_customers import SqliteCustomers

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROFILES = {
    "customer_id": ["ann", "bob", "новый"],
    "birth_year": pd.array([1980, None, 2001], dtype="Int64"),
    "region": ["north", None, "south"],
    "skin_type": ["dry", None, None],
    "concerns": [["redness", "acne"], [], []],
    "avoided_ingredients": [["parfum"], [], []],
    "dismissed": [[], ["p9"], []],
    "event_timestamp": [NOW] * 3,
}
HISTORIES = {
    "customer_id": ["ann", "bob"],
    "recent_products": [["p1", "p2"], ["p3"]],
    "recent_times": [[1_700_000_000, 1_700_000_100], []],
    "event_timestamp": [NOW] * 2,
}


def _view(name, schema, entity):
    source = PushSource(
        name=f"{name}_source",
        batch_source=feast.FileSource(path="unused.parquet", timestamp_field="event_timestamp"),
    )
    return feast.FeatureView(
        name=name, entities=[entity], schema=[feast.Field(name=n, dtype=t) for n, t in schema.items()], source=source
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """An online store that Feast itself wrote."""
    folder = tmp_path_factory.mktemp("feast")
    config = feast.RepoConfig(
        project="beauty",
        provider="local",
        registry={"registry_type": "file", "path": str(folder / "registry.db")},
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        entity_key_serialization_version=3,
    )
    store = feast.FeatureStore(config=config)
    customer = feast.Entity(name="customer", join_keys=["customer_id"], value_type=feast.ValueType.STRING)
    texts = Array(String)
    profile = {"birth_year": Int64, "region": String, "skin_type": String, "concerns": texts}
    profile |= {"avoided_ingredients": texts, "dismissed": texts}
    history = {"recent_products": texts, "recent_times": Array(Int64)}
    store.apply([customer, _view("customer_profile", profile, customer), _view("customer_history", history, customer)])
    store.write_to_online_store("customer_profile", pd.DataFrame(PROFILES))
    store.write_to_online_store("customer_history", pd.DataFrame(HISTORIES))
    return folder / "online.db"


@pytest.fixture
def path(written, tmp_path):
    return shutil.copy(written, tmp_path / "online.db")


def test_customers_are_read_as_feast_wrote_them(written):
    found = SqliteCustomers(written, timeout=1).read(["ann", "bob", "новый", "nobody"])

    assert found == {
        "ann": Customer(
            products=("p1", "p2"),
            times=(1_700_000_000, 1_700_000_100),
            birth_year=1980,
            region="north",
            skin_type="dry",
            concerns=("redness", "acne"),
            avoided_ingredients=("parfum",),
        ),
        "bob": Customer(products=("p3",), dismissed=("p9",), avoided_ingredients=()),
        "новый": Customer(birth_year=2001, region="south", avoided_ingredients=()),
    }


def test_a_batch_larger_than_one_statement_may_be(written):
    ids = [f"c{i}" for i in range(2000)] + ["ann"]

    assert set(SqliteCustomers(written, timeout=1).read(ids)) == {"ann"}


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


def test_the_project_is_the_feature_stores():
    settings = Path(feature_repo.__file__).with_name("feature_store.yaml").read_text()

    assert yaml.safe_load(settings)["project"] == PROJECT


def test_without_a_store_nobody_is_known():
    assert NoCustomers().read(["ann"]) == {}
