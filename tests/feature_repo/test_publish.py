import datetime
import sqlite3

import numpy as np
import pandas as pd
import pytest

from feature_repo import publish as publishing
from feature_repo.publish import publish
from feature_repo.store import open_store
from recommender import columns as c
from recommender.config import Config
from recommender.data.prepare import prepare
from recommender.data.raw import RawTables
from recommender.features import definitions
from recommender.features.build import build_features, write_features
from serving.sqlite_customers import SqliteCustomers

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


def test_serving_reads_while_a_batch_is_written(features, folder):
    publish(features, folder)
    writer = sqlite3.connect(folder / "online.db")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM beauty_customer_history")
    assert SqliteCustomers(folder / "online.db", timeout=0.05).read(["ann"])["ann"].products == ("p1", "p2")
    writer.rollback()
    writer.close()


def _interrupted(*_):
    raise KeyboardInterrupt


def _plain(value):
    """A value without the marks of the library that carried it."""
    if isinstance(value, list | np.ndarray):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return None if pd.isna(value) else value
