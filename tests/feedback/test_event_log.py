"""The event log: each event once, in order of arrival."""

import sqlite3
import threading

import pandas as pd
import pytest

from feedback.database import EVENT_LOG, database
from feedback.event_log import EventLog
from feedback.events import parse_events
from feedback.log_reader import read_events, read_impressions
from feedback.training_export import contract_events, write_feedback
from infrastructure.errors import ConfigError
from infrastructure.workspace import Workspace
from recommender.data.feedback import with_feedback
from recommender.data.raw_tables import RawTables


@pytest.fixture
def log(kept_in):
    log = EventLog(kept_in)
    yield log
    log.close()


def add(log, *rows):
    return log.add(parse_events(rows)[0])


def test_the_same_event_counts_once(log, row, kept_in):
    assert add(log, row("a"), row("b"), row("a", product_id="p9")) == 2
    assert add(log, row("b"), row("c")) == 1
    events = read_events(kept_in)
    assert events["event_id"].tolist() == ["a", "b", "c"]
    assert events["product_id"].tolist() == ["p1"] * 3


def test_nothing_to_add_is_nothing_added(log):
    assert log.add([]) == 0


def test_a_log_that_is_opened_again_knows_its_events(log, row, kept_in):
    add(log, row("a"))
    again = EventLog(kept_in)
    assert add(again, row("a"), row("b")) == 1
    again.close()


def test_commits_are_synced_to_disk(tmp_path):
    log = EventLog(tmp_path / "log.db")
    connection = log._transactions._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    log.close()


def test_events_wait_until_they_are_shown(log, row):
    add(log, row("a"), row("b"))
    waiting = log.pending()
    add(log, row("c"))
    log.mark_delivered(waiting.last)
    assert [event.event_id for event in log.pending().events] == ["c"]
    log.requeue()
    assert [event.event_id for event in log.pending().events] == ["a", "b", "c"]


def test_a_missing_log_has_no_rows(tmp_path, kept_in):
    assert read_events(kept_in).empty
    assert read_events(tmp_path / "log.db").empty
    assert read_impressions(tmp_path / "log.db").empty
    sqlite3.connect(tmp_path / "empty.db").close()
    assert read_impressions(tmp_path / "empty.db").empty


def test_who_reads_makes_no_log(tmp_path):
    workspace = Workspace(tmp_path / "shop")
    assert read_events(database(workspace, {})).empty
    assert read_impressions(workspace.log).empty
    assert not workspace.root.exists()


def test_feedback_is_part_of_the_next_ingest(log, row, kept_in, tmp_path):
    add(log, row("a", type="purchase", request_id="r1"), row("s", type="search", product_id=None, query="cream"))
    write_feedback(read_events(kept_in), tmp_path / "feedback")
    raw = RawTables("shop", {})
    both = with_feedback(with_feedback(raw, tmp_path / "feedback"), tmp_path / "feedback")
    events = both.tables["events"]
    assert events["event_id"].tolist() == ["a", "s", "a", "s"]
    assert str(events["time"].dt.tz) == "UTC"
    assert events["time"].astype("int64").iloc[0] == 1_750_000_000_000_000
    both.write(tmp_path / "raw")
    assert len(RawTables.read(tmp_path / "raw").tables["events"]) == 4


def test_feedback_that_is_not_there_changes_nothing(tmp_path):
    raw = RawTables("shop", {})
    assert with_feedback(raw, tmp_path / "feedback") is raw


def test_logged_times_keep_their_microseconds(log, row, kept_in):
    add(log, row("a", time=1_750_000_000.123456))
    assert contract_events(read_events(kept_in))["time"].iloc[0].microsecond == 123456


def test_a_lost_connection_is_opened_anew(log, row, kept_in):
    add(log, row("a"))
    log._transactions._connection.close()
    with pytest.raises(kept_in.error):
        add(log, row("b"))
    assert add(log, row("a"), row("b")) == 1


def test_numbers_of_arrival_only_grow_though_many_write_at_once(row, kept_in):
    """Whoever has read up to a number has missed none below it: a collector that commits late would hide its events."""
    logs = [EventLog(kept_in) for _ in range(4)]
    missed, writing = [], threading.Event()

    def write(name, log):
        for batch in range(15):
            add(log, *(row(f"{name}-{batch}-{i}") for i in range(20)))

    def read():
        known, last = set(), 0
        while not writing.is_set():
            events = read_events(kept_in)
            missed.extend(set(events.loc[events["arrival"] <= last, "event_id"]) - known)
            known, last = set(events["event_id"]), max([last, *events["arrival"]])

    writers = [threading.Thread(target=write, args=each) for each in enumerate(logs)]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    writing.set()
    reader.join()
    arrivals = read_events(kept_in)["arrival"]
    assert (len(arrivals), arrivals.is_monotonic_increasing, missed) == (4 * 15 * 20, True, [])


def test_the_log_is_where_the_environment_says(tmp_path):
    workspace = Workspace(tmp_path)
    assert database(workspace, {}).placeholder == "?"
    assert database(workspace, {EVENT_LOG: "postgresql://user@host/shop"}).placeholder == "%s"
    with pytest.raises(ConfigError) as caught:
        database(workspace, {EVENT_LOG: "mysql://user:secret@host/shop"})
    assert "secret" not in str(caught.value)


def test_whom_only_the_log_knows_joins_the_customers_and_avoidances_are_kept(log, row, kept_in, tmp_path):
    add(
        log,
        row("a", customer_id="new"),
        row("b", customer_id="ann", type="avoid", product_id=None, query="parfum"),
        row("c", customer_id="ann", type="avoid", product_id=None, query="linalool"),
    )
    write_feedback(read_events(kept_in), tmp_path / "feedback")
    known = pd.DataFrame({"customer_id": ["ann", "bob"], "avoided_ingredients": [["linalool"], None]})
    customers = with_feedback(RawTables("shop", {"customers": known}), tmp_path / "feedback").tables["customers"]
    assert customers["customer_id"].tolist() == ["ann", "bob", "new"]
    assert customers["avoided_ingredients"].tolist()[0] == ["linalool", "parfum"]
    bare = with_feedback(RawTables("shop", {"customers": known[["customer_id"]]}), tmp_path / "feedback")
    assert bare.tables["customers"]["avoided_ingredients"].tolist()[0] == ["parfum", "linalool"]
    sales = pd.DataFrame({"customer_id": ["bob", "ann"], "product_id": "p1"})
    without = with_feedback(RawTables("shop", {"transactions": sales}), tmp_path / "feedback").tables["customers"]
    assert dict(zip(without["customer_id"], without["avoided_ingredients"], strict=True)) == {
        "bob": None, "ann": ["parfum", "linalool"], "new": None
    }  # fmt: skip


def test_without_an_avoidance_a_shop_without_customers_gets_no_table_of_them(log, row, kept_in, tmp_path):
    add(log, row("a", customer_id="new"))
    write_feedback(read_events(kept_in), tmp_path / "feedback")
    assert "customers" not in with_feedback(RawTables("shop", {}), tmp_path / "feedback").tables
