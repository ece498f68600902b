"""Redis in the place of the workspace's file: published to, told of events, read by serving."""

import pandas as pd
import pytest
from feast import utils

from feature_repo.publish import publish
from feature_repo.store import SETTINGS
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.online_store_updater import _MARK, OnlineStoreUpdater
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import ONLINE_STORE
from privacy.erasure import erase_customer
from recommender.contract import columns as c
from recommender.contract.tables import Tables
from recommender.features.build import write_features
from serving.customers.redis import RedisCustomers
from tests.support.servers.feast_stores import redis_server

BOUGHT = 1_735_689_600  # 2025-01-01


@pytest.fixture
def redis(tmp_path, monkeypatch):
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as server:
        monkeypatch.setenv(ONLINE_STORE, server.url)
        yield server


@pytest.fixture
def workspace(tmp_path, redis):  # noqa: ARG001 (ONLINE_STORE names it)
    workspace = Workspace(tmp_path / "shop")
    write_features(tables(), tmp_path / "features")
    publish(tmp_path / "features", workspace.feast)
    return workspace


@pytest.fixture
def log(workspace):
    log = EventLog(workspace.log)
    yield log
    log.close()


def tables(avoids=(), bought=BOUGHT):
    transactions = {
        c.TRANSACTION_ID: ["t1"],
        c.CUSTOMER_ID: ["ann"],
        c.PRODUCT_ID: ["p1"],
        c.QUANTITY: [1],
        c.POSITION: [0],
        c.TIME: pd.to_datetime([bought], unit="s", utc=True).as_unit("us"),
    }
    return Tables(
        products=pd.DataFrame({c.PRODUCT_ID: ["p1", "p2"], c.NAME: ["Cream", "Serum"]}),
        customers=pd.DataFrame(
            {c.CUSTOMER_ID: ["ann", "bob"], c.SKIN_TYPE: ["dry", None], c.AVOIDED_INGREDIENTS: [[*avoids], []]}
        ),
        transactions=pd.DataFrame(transactions),
    )


def purchase(number, product):
    rows = [
        {
            "event_id": f"e{number}",
            "customer_id": "ann",
            "type": "purchase",
            "product_id": product,
            "time": BOUGHT + number,
        }
    ]
    return parse_events(rows)[0]


def avoidance(name, time, ingredient):
    return parse_events([{"event_id": name, "customer_id": "ann", "type": "avoid", "query": ingredient, "time": time}])[
        0
    ]


def ann(redis):
    return RedisCustomers(redis.url, timeout=5).read(["ann"]).get("ann")


def products(redis):
    found = ann(redis)
    return found.products if found else None


def test_serving_reads_what_was_published(workspace, redis):
    assert products(redis) == ("p1",)
    assert not workspace.online_store.exists()


def test_the_published_settings_name_redis_without_its_address(workspace, redis):
    text = (workspace.feast / SETTINGS.name).read_text()

    assert "type: feature_repo.atomic_redis.AtomicRedisOnlineStore" in text
    assert str(redis.port) not in text


def test_a_purchase_is_known_to_the_next_request(workspace, redis, log):
    log.add(purchase(1, "p2"))
    OnlineStoreUpdater(workspace)(log)

    assert products(redis) == ("p1", "p2")


def test_what_is_newer_than_the_features_stays(workspace, redis, log, tmp_path):
    log.add(purchase(1, "p2"))
    OnlineStoreUpdater(workspace)(log)

    publish(tmp_path / "features", workspace.feast)

    assert products(redis) == ("p1", "p2")


def test_an_avoidance_that_a_customer_told_the_shop_goes_online_though_no_purchase_came(workspace, redis, tmp_path):
    write_features(tables(avoids=["parabens"]), tmp_path / "changed")

    publish(tmp_path / "changed", workspace.feast)

    assert ann(redis).avoided_ingredients == ("parabens",)


@pytest.mark.parametrize("second", [0, 0.5, -0.25, -60], ids=["same second", "later in it", "earlier", "long before"])
def test_of_two_avoidances_both_are_known_whenever_the_second_was(workspace, redis, log, second):
    show = OnlineStoreUpdater(Workspace(workspace.root))
    for name, time in (("parfum", BOUGHT + 100.25), ("linalool", BOUGHT + 100.25 + second)):
        log.add(avoidance(name, time, name))
        show(log)

    assert ann(redis).avoided_ingredients == ("parfum", "linalool")


def test_a_publication_leaves_what_is_told_while_it_writes(workspace, redis, log, tmp_path, monkeypatch):
    write_features(tables(avoids=["parabens"], bought=BOUGHT + 1000), tmp_path / "changed")
    tell, prepare = OnlineStoreUpdater(workspace), utils.make_tzaware

    def told_meanwhile(time):
        # The publication is about to write: it has asked for all that it asks for.
        monkeypatch.setattr(utils, "make_tzaware", prepare)
        log.add(avoidance("meanwhile", BOUGHT + 5000, "parfum"))
        tell(log)
        return prepare(time)

    monkeypatch.setattr(utils, "make_tzaware", told_meanwhile)
    publish(tmp_path / "changed", workspace.feast)

    assert ann(redis).avoided_ingredients == ("parfum",)


def test_a_redis_that_lost_everything_is_told_everything_again(workspace, redis, log):
    show = OnlineStoreUpdater(workspace)
    log.add(purchase(1, "p2"))
    show(log)

    redis.client.flushall()
    show(log)

    assert products(redis) == ("p2",)


def test_a_redis_that_lost_everything_while_the_collector_was_down_is_told_everything_again(workspace, redis, log):
    log.add(purchase(1, "p2"))
    OnlineStoreUpdater(workspace)(log)

    redis.client.flushall()
    OnlineStoreUpdater(workspace)(log)

    assert products(redis) == ("p2",)


def test_a_redis_that_was_started_anew_may_have_lost_its_last_second(workspace, redis, log):
    OnlineStoreUpdater(workspace)(log)
    kept = redis.client.get(_MARK)
    log.add(purchase(1, "p2"))
    OnlineStoreUpdater(workspace)(log)

    redis.stop()
    redis.start()
    redis.client.set(_MARK, kept)
    OnlineStoreUpdater(workspace)(log)

    assert products(redis) == ("p2",)


def test_events_wait_while_redis_is_away(workspace, redis, log):
    redis.process.kill()
    redis.process.wait()
    log.add(purchase(1, "p2"))

    with pytest.raises(Exception, match="refused"):
        OnlineStoreUpdater(workspace)(log)

    assert [event.product_id for event in log.pending().events] == ["p2"]


def test_a_forgotten_customer_is_gone_and_others_stay(workspace, redis):
    erasure, _ = erase_customer(workspace, "ann", "salt")

    assert erasure.removed[ONLINE_STORE] == 1
    assert set(RedisCustomers(redis.url, timeout=5).read(["ann", "bob"])) == {"bob"}
