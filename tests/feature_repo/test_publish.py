import datetime
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from feature_repo import publish as publishing
from feature_repo.publish import publish
from feature_repo.store import open_store
from infrastructure.errors import ConfigError
from recommender.contract import columns as c
from recommender.data.cleaning.prepare import prepare
from recommender.data.raw_tables import RawTables
from recommender.features import definitions
from recommender.features.build import build_features, write_features
from serving.customers.sqlite import SqliteCustomers
from settings.config import Config
from tests.support.paths import ROOT

GUIDE = ROOT / "docs/data/features.md"
TIMES = pd.to_datetime(["2025-01-01", "2025-02-01", "2025-01-15"], utc=True).as_unit("us")


def tables():
    products = {
        c.PRODUCT_ID: ["p1", "p2", "p3"],
        c.NAME: ["Cream", "Serum", "Toner"],
        c.INGREDIENTS: [["Water", "Glycerin"], ["Water", "Retinol"], None],
        c.PRICE: [10.0, 20, 30],
    }
    customers = {
        c.CUSTOMER_ID: ["ann", "bob"],
        c.BIRTH_YEAR: [1990, None],
        c.AVOIDED_INGREDIENTS: [["fragrance"], None],
    }
    transactions = {
        c.TRANSACTION_ID: ["t1", "t2", "t3"],
        c.CUSTOMER_ID: ["ann", "ann", "bob"],
        c.PRODUCT_ID: ["p1", "p2", "p3"],
        c.QUANTITY: [1, 1, 2],
        c.TIME: TIMES,
    }
    frames = {c.PRODUCTS: products, c.CUSTOMERS: customers, c.TRANSACTIONS: transactions}
    raw = RawTables("shop", {name: pd.DataFrame(columns) for name, columns in frames.items()})
    return prepare(raw, Config()).tables


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "shop" / "feast"


@pytest.fixture
def features(tmp_path):
    write_features(tables(), tmp_path / "features")
    return tmp_path / "features"


def online(folder, view):
    """Every customer's features of a view as Feast answers them, by customer."""
    names = [f"{view.name}:{feature.name}" for feature in view.features]
    ids = ["p1", "p2", "p3"] if view.entity == c.PRODUCT_ID else ["ann", "bob"]
    found = open_store(folder).get_online_features(names, [{view.entity: key} for key in ids]).to_dict()
    return pd.DataFrame(found).set_index(view.entity)


@pytest.mark.parametrize("view", definitions.VIEWS, ids=lambda view: view.name)
def test_online_is_offline(published, view):
    offline = build_features(tables())[view.name].set_index(view.entity)
    found = online(published, view)
    for feature in view.features:
        for key in found.index:
            assert _plain(found.at[key, feature.name]) == _plain(offline.at[key, feature.name]), (key, feature.name)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    write_features(tables(), folder / "features")
    publish(folder / "features", folder / "feast")
    return folder / "feast"


def test_serving_reads_what_was_published(published):
    ann = SqliteCustomers(published / "online.db", timeout=1).read(["ann"])["ann"]
    assert (ann.products, ann.avoided_ingredients, ann.birth_year) == (("p1", "p2"), ("fragrance",), 1990)


def test_point_in_time_no_feature_comes_from_after_the_event(published):
    asked = pd.DataFrame(
        {
            c.CUSTOMER_ID: ["ann", "ann"],
            definitions.EVENT_TIMESTAMP: pd.to_datetime(["2025-01-31", "2025-02-02"], utc=True),
        }
    )
    feature = f"{definitions.CUSTOMER_HISTORY}:{definitions.RECENT_PRODUCTS}"
    found = open_store(published).get_historical_features(asked, [feature]).to_df()
    found = found.sort_values(definitions.EVENT_TIMESTAMP)[definitions.RECENT_PRODUCTS].tolist()
    assert [_plain(value) for value in found] == [None, ["p1", "p2"]]


def test_what_is_newer_than_the_features_stays(features, folder):
    publish(features, folder)
    later = pd.Timestamp("2025-03-01", tz="UTC")
    pushed = pd.DataFrame(
        {
            c.CUSTOMER_ID: ["ann"],
            definitions.RECENT_PRODUCTS: [["p1", "p2", "p3"]],
            definitions.RECENT_TIMES: [[1, 2, 3]],
            definitions.EVENT_TIMESTAMP: [later],
        }
    )
    open_store(folder).write_to_online_store(definitions.CUSTOMER_HISTORY, pushed)
    publish(features, folder)
    found = online(folder, definitions.view(definitions.CUSTOMER_HISTORY))[definitions.RECENT_PRODUCTS]
    assert found.map(_plain).to_dict() == {"ann": ["p1", "p2", "p3"], "bob": ["p3"]}


def test_interrupted_between_views_the_next_publication_completes(features, folder, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_materialise", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            publish(features, folder)
    assert not (folder / "registry.db").exists()
    publish(features, folder)
    assert online(folder, definitions.view(definitions.CUSTOMER_PROFILE)).at["ann", c.BIRTH_YEAR] == 1990


def test_only_what_changed_is_written(features, folder):
    publish(features, folder)
    delete(folder, "customer_profile")
    restated = tables()
    restated.customers.loc[restated.customers[c.CUSTOMER_ID] == "bob", c.BIRTH_YEAR] = 1985
    write_features(restated, features)
    publish(features, folder)
    # Bob's row has the time it had before. Ann's is known, so that it is gone is not seen.
    assert birth_years(folder) == {"ann": None, "bob": 1985}


def test_a_store_that_is_not_the_one_of_the_last_time_is_told_everything(features, folder):
    publish(features, folder)
    (folder / "online.db").unlink()
    publish(features, folder)
    assert birth_years(folder) == {"ann": 1990, "bob": None}


def test_what_an_interrupted_publication_wrote_does_not_stay(features, folder, tmp_path, monkeypatch):
    publish(features, folder)
    restated = tables()
    restated.customers.loc[:, c.BIRTH_YEAR] = 1950
    write_features(restated, tmp_path / "restated")
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "copy_folder", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path / "restated", folder)
    assert birth_years(folder) == {"ann": 1950, "bob": 1950}
    publish(features, folder)
    assert birth_years(folder) == {"ann": 1990, "bob": None}


def test_killed_while_it_writes_the_next_publication_completes(features, folder):
    publish(features, folder)
    many = pd.DataFrame({c.CUSTOMER_ID: [f"c{i}" for i in range(5000)], c.BIRTH_YEAR: 1970})
    write_features(replace(tables(), customers=many), features)
    command = "import sys, pathlib; from feature_repo.publish import publish; publish(*map(pathlib.Path, sys.argv[1:]))"
    with subprocess.Popen([sys.executable, "-c", command, features, folder]) as killed:
        while rows(folder, "customer_profile") < 1000 and killed.poll() is None:
            time.sleep(0.005)
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    publish(features, folder)
    one_each = sum(view.entity == c.CUSTOMER_ID and len(view.features) for view in definitions.VIEWS)
    assert sum(rows(folder, view.name) for view in definitions.VIEWS if view.entity == c.CUSTOMER_ID) >= 5000 * one_each
    assert not list(folder.glob(".*.new"))


def test_a_view_with_another_feature_is_told_everything(features, folder):
    publish(features, folder)
    file = folder / "offline" / "customer_profile.parquet"
    pd.read_parquet(file).drop(columns=c.REGION).to_parquet(file)
    delete(folder, "customer_profile")
    publish(features, folder)
    assert birth_years(folder) == {"ann": 1990, "bob": None}


def test_a_service_gives_every_feature_of_its_views(published):
    store = open_store(published)
    for service in definitions.SERVICES:
        views = [definitions.view(name) for name in service.views]
        key = {views[0].entity: "p1" if views[0].entity == c.PRODUCT_ID else "ann"}
        found = store.get_online_features(store.get_feature_service(service.name), [key]).to_dict()
        assert set(found) == {*key, *(feature.name for view in views for feature in view.features)}


def test_the_example_of_the_guide_works(features, tmp_path, monkeypatch):
    publish(features, tmp_path / "var" / "synthetic" / "feast")
    monkeypatch.chdir(tmp_path)
    text = GUIDE.read_text(encoding="utf-8")
    example = text.split("```python\n")[1].split("```")[0].replace("c000001", "ann")
    found = {}
    exec(example, found)
    assert found["features"][definitions.RECENT_PRODUCTS].map(_plain).tolist() == [["p1", "p2"]]


def test_what_is_pushed_is_online_at_once(features, folder):
    publish(features, folder)
    store = open_store(folder)
    row = {feature.name: [[]] for feature in definitions.view(definitions.CUSTOMER_HISTORY).features}
    later = {definitions.EVENT_TIMESTAMP: [pd.Timestamp("2025-03-01", tz="UTC")]}
    pushed = pd.DataFrame({c.CUSTOMER_ID: ["ann"]} | row | {definitions.RECENT_PRODUCTS: [["p3"]]} | later)
    store.push(definitions.push_source(definitions.CUSTOMER_HISTORY), pushed)
    found = online(folder, definitions.view(definitions.CUSTOMER_HISTORY))[definitions.RECENT_PRODUCTS]
    assert found.map(_plain).to_dict() == {"ann": ["p3"], "bob": ["p3"]}


def test_an_unknown_offline_store_is_refused(features, folder, monkeypatch):
    monkeypatch.setenv("OFFLINE_STORE", "snowflake")
    with pytest.raises(ConfigError, match="duckdb or spark"):
        publish(features, folder)


@pytest.mark.slow
@pytest.mark.usefixtures("spark")
def test_spark_joins_at_points_in_time_as_duckdb_does(features, folder, monkeypatch):
    moments = pd.to_datetime(["2025-01-31", "2025-02-02", "2025-01-10", "2025-02-01"], utc=True)
    asked = pd.DataFrame({c.CUSTOMER_ID: ["ann", "ann", "bob", "bob"], definitions.EVENT_TIMESTAMP: moments})
    found = {}
    for store in ("duckdb", "spark"):
        monkeypatch.setenv("OFFLINE_STORE", store)
        publish(features, folder / store)
        opened = open_store(folder / store)
        joined = opened.get_historical_features(asked, opened.get_feature_service("customers")).to_df()
        joined = joined.sort_values([c.CUSTOMER_ID, definitions.EVENT_TIMESTAMP], ignore_index=True)
        found[store] = {name: [_plain(value) for value in joined[name]] for name in sorted(joined)}
    assert found["duckdb"][definitions.RECENT_PRODUCTS] == [None, ["p1", "p2"], None, ["p3"]]
    assert found["spark"] == found["duckdb"]


def test_serving_reads_while_a_batch_is_written(features, folder):
    publish(features, folder)
    writer = sqlite3.connect(folder / "online.db")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM beauty_customer_history")
    assert SqliteCustomers(folder / "online.db", timeout=0.05).read(["ann"])["ann"].products == ("p1", "p2")
    writer.rollback()
    writer.close()


def birth_years(folder):
    """Every customer's year of birth as Feast answers it."""
    found = online(folder, definitions.view(definitions.CUSTOMER_PROFILE))[c.BIRTH_YEAR]
    return dict(zip(found.index, map(_plain, found), strict=True))


def rows(folder, view):
    """How many values the online store has of a view: one an entity and feature."""
    with closing(sqlite3.connect(folder / "online.db")) as connection:
        return connection.execute(f"SELECT count(*) FROM beauty_{view}").fetchone()[0]


def delete(folder, view):
    """Take every row of a view out of the online store, behind Feast's back."""
    with sqlite3.connect(folder / "online.db") as connection:
        connection.execute(f"DELETE FROM beauty_{view}")


def _interrupted(*_):
    raise KeyboardInterrupt


def _plain(value):
    """A value without the marks of the library that carried it."""
    if isinstance(value, list | np.ndarray):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return None if pd.isna(value) else value
