"""What customers did reaches the online store at once: the next request knows it."""

import shutil
from dataclasses import replace
from threading import Event, Thread, current_thread
from types import SimpleNamespace

import pandas as pd
import pytest

from components.data.publish_features import publish_features
from feedback import online_store_updater as online
from feedback.database import postgres
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.online_store_updater import OnlineStoreUpdater
from feedback.training_export import export_log_events, requeue_events_since
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.features.build import write_features
from serving.customers.source import Customer
from serving.customers.sqlite import SqliteCustomers
from tests.support.published_shop import BOUGHT, DAY, published, tables


class Shop:
    """A feature store, an event log, and what serving reads."""

    def __init__(self, folder):
        self.folder = folder
        self.log = EventLog(folder / "log.db")
        self.show = OnlineStoreUpdater(Workspace(folder))

    def tell(self, *rows):
        self.log.add(parse_events(rows)[0])
        self.show(self.log)

    def customer(self, name):
        return SqliteCustomers(self.folder / "feast" / "online.db", 1).read([name]).get(name, Customer())


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dated")
    published(folder, tables())
    return folder


@pytest.fixture
def shop(dated, tmp_path):
    shutil.copytree(dated / "feast", tmp_path / "feast")
    shop = Shop(tmp_path)
    yield shop
    shop.log.close()


def test_a_purchase_is_the_end_of_the_history(shop, row):
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3", time=BOUGHT + 9 * DAY))
    customer = shop.customer("ann")
    assert customer.products == ("p1", "p2", "p3")
    assert customer.times == (BOUGHT, BOUGHT + DAY, BOUGHT + 9 * DAY)
    assert customer.skin_type == "dry"


def test_a_purchase_that_arrives_late_takes_its_place_in_time(shop, row):
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3", time=BOUGHT + 60))
    assert shop.customer("ann").products == ("p1", "p3", "p2")


def test_a_dismissal_leaves_the_rest_of_the_profile(shop, row):
    shop.tell(row(customer_id="ann", type="dismiss", product_id="p3"), row("e2", customer_id="ann", type="dismiss"))
    customer = shop.customer("ann")
    assert customer.dismissed == ("p3", "p1")
    assert (customer.skin_type, customer.products) == ("dry", ("p1", "p2"))


def test_a_new_customer_gets_a_history(shop, row):
    shop.tell(row(customer_id="eve", type="purchase", time=BOUGHT), row("e2", customer_id="eve", type="dismiss"))
    assert (shop.customer("eve").products, shop.customer("eve").dismissed) == (("p1",), ("p1",))


def test_told_twice_counts_once(shop, row):
    rows = [row(str(i), customer_id="ann", type="purchase", product_id="p3", time=BOUGHT + i) for i in (2, 1)]
    shop.tell(*rows)
    once = shop.customer("ann")
    shop.log.requeue()
    shop.show(shop.log)
    assert shop.customer("ann") == once
    assert once.products == ("p1", "p3", "p3", "p2")


def test_a_look_changes_no_history(shop, row):
    before = shop.customer("ann")
    shop.tell(row(customer_id="ann", type="view", product_id="p3"))
    assert shop.customer("ann") == before
    assert not shop.log.pending().events


def test_without_a_store_events_wait_for_it(dated, tmp_path, row):
    shop = Shop(tmp_path)
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3"))
    assert shop.log.pending().events
    shutil.copytree(dated / "feast", tmp_path / "feast")
    shop.show(shop.log)
    assert shop.customer("ann").products == ("p1", "p2", "p3")


def test_a_store_that_is_made_anew_is_told_again(shop, dated, row):
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3"))
    shutil.rmtree(shop.folder / "feast")
    shutil.copytree(dated / "feast", shop.folder / "feast")
    shop.tell(row("e2", customer_id="bob", type="purchase"))
    assert shop.customer("ann").products == ("p1", "p2", "p3")
    assert shop.customer("bob").products == ("p1",)


def test_a_store_that_was_made_anew_while_the_collector_was_down_is_told_again(shop, dated, row):
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3"))
    shutil.rmtree(shop.folder / "feast")
    shutil.copytree(dated / "feast", shop.folder / "feast")
    OnlineStoreUpdater(Workspace(shop.folder))(shop.log)
    assert shop.customer("ann").products == ("p1", "p2", "p3")


def test_a_store_that_is_the_same_is_told_of_new_events_only(shop, row, monkeypatch):
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3"))
    told, tell = [], online._update_views
    monkeypatch.setattr(online, "_update_views", lambda store, events: (told.append(len(events)), tell(store, events)))
    shop.show = OnlineStoreUpdater(Workspace(shop.folder))
    shop.tell(row("e2", customer_id="ann", type="purchase", product_id="p1"))
    shop.show(shop.log)
    assert told == [1]


def test_features_that_are_published_again_do_not_take_a_purchase_back(shop, row):
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3"))
    published(shop.folder, tables())
    assert shop.customer("ann").products == ("p1", "p2", "p3")


def test_a_history_without_times_stays_without(tmp_path, row):
    published(tmp_path, tables(dated=False))
    shop = Shop(tmp_path)
    shop.tell(row(customer_id="ann", type="purchase", product_id="p3"))
    assert (shop.customer("ann").products, shop.customer("ann").times) == (("p1", "p2", "p3"), ())


def test_what_is_declared_to_be_avoided_is_known_to_the_next_request(shop, row):
    shop.tell(row("a", customer_id="ann", type="avoid", product_id=None, query="parfum"))
    shop.tell(row("b", customer_id="new", type="avoid", product_id=None, query="linalool"))
    assert shop.customer("ann").avoided_ingredients == ("parfum",)
    assert shop.customer("ann").products == ("p1", "p2")
    assert shop.customer("new").avoided_ingredients == ("linalool",)


def test_an_avoidance_of_before_the_last_purchase_is_known(shop, row):
    shop.tell(row("a", customer_id="ann", type="avoid", product_id=None, query="parfum", time=BOUGHT + 9 * DAY))
    shop.tell(row("b", customer_id="ann", type="avoid", product_id=None, query="linalool", time=BOUGHT - DAY))
    assert shop.customer("ann").avoided_ingredients == ("parfum", "linalool")


def test_of_two_collectors_neither_takes_back_what_the_other_told(shop, row, postgres_address, monkeypatch):
    first, second = (EventLog(postgres(postgres_address)) for _ in range(2))
    has_read, goes_on, read = Event(), Event(), online._read

    def waits_after_it_has_read(*asked):
        found = read(*asked)
        if current_thread().name == "first":
            has_read.set()
            goes_on.wait(20)
        return found

    def tell(log, ingredient, time):
        event = row(ingredient, customer_id="ann", type="avoid", product_id=None, query=ingredient, time=time)
        log.add(parse_events([event])[0])
        OnlineStoreUpdater(Workspace(shop.folder))(log)

    monkeypatch.setattr(online, "_read", waits_after_it_has_read)
    threads = [
        Thread(target=tell, args=(first, "parfum", BOUGHT + 2 * DAY + 1), name="first"),
        Thread(target=tell, args=(second, "linalool", BOUGHT + 2 * DAY)),
    ]
    threads[0].start()
    assert has_read.wait(20)
    threads[1].start()
    threads[1].join(1)
    goes_on.set()
    for thread in threads:
        thread.join(20)
    waiting = first.pending().events
    first.close()
    second.close()
    assert (set(shop.customer("ann").avoided_ingredients), waiting) == ({"parfum", "linalool"}, [])


def test_what_arrives_while_a_run_goes_on_is_known_after_its_publication(shop, row):
    shop.tell(row("before", customer_id="bob", type="dismiss", time=BOUGHT))
    workspace = Workspace(shop.folder)
    taken_in = export_log_events(workspace)
    bought = tables()
    bought.transactions.loc[1, c.TIME] += pd.Timedelta(days=1)
    skin = bought.customers.assign(**{c.SKIN_TYPE: "oily"})
    write_features(replace(bought, customers=skin), shop.folder / "features")
    shop.tell(row("a", customer_id="ann", type="avoid", product_id=None, query="parfum", time=BOUGHT + DAY + 60))

    artifact = SimpleNamespace(path=str(shop.folder / "features"))
    publish_features.__wrapped__(features=artifact, workspace=str(shop.folder), taken_in=taken_in)
    assert [event.event_id for event in shop.log.pending().events] == ["a"]
    shop.show(shop.log)
    ann = shop.customer("ann")
    assert (ann.avoided_ingredients, ann.skin_type, ann.times[-1]) == (("parfum",), "oily", BOUGHT + 2 * DAY)


def test_nothing_is_taken_in_where_there_is_no_log(tmp_path):
    workspace = Workspace(tmp_path)
    assert export_log_events(workspace) == 0
    requeue_events_since(workspace, 0)
    assert not workspace.log.exists()
