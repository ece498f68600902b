"""The event log: each event once, in order of arrival."""

import sqlite3

import pytest

from monitoring.events import parse
from monitoring.logs import as_table, export_feedback, read_events, read_impressions
from monitoring.store import EventLog
from recommender.data.feedback import with_feedback
from recommender.data.raw import RawTables


@pytest.fixture
def log(tmp_path):
    log = EventLog(tmp_path / "log.db")
    yield log
    log.close()


def add(log, *rows):
    return log.add(parse(rows)[0])


def test_the_same_event_counts_once(log, row, tmp_path):
    assert add(log, row("a"), row("b"), row("a", product_id="p9")) == 2
    assert add(log, row("b"), row("c")) == 1
    events = read_events(tmp_path / "log.db")
    assert events["event_id"].tolist() == ["a", "b", "c"]
    assert events["product_id"].tolist() == ["p1"] * 3


def test_nothing_to_add_is_nothing_added(log):
    assert log.add([]) == 0


def test_a_log_that_is_opened_again_knows_its_events(log, row, tmp_path):
    add(log, row("a"))
    again = EventLog(tmp_path / "log.db")
    assert add(again, row("a"), row("b")) == 1
    again.close()


def test_commits_are_synced_to_disk(tmp_path):
    log = EventLog(tmp_path / "log.db")
    connection = log._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    log.close()


def test_events_wait_until_they_are_shown(log, row):
    add(log, row("a"), row("b"))
    waiting = log.waiting()
    add(log, row("c"))
    log.mark_shown(waiting.last)
    assert [event.event_id for event in log.waiting().events] == ["c"]
    log.show_again()
    assert [event.event_id for event in log.waiting().events] == ["a", "b", "c"]


def test_a_missing_log_has_no_rows(tmp_path):
    assert read_events(tmp_path / "log.db").empty
    assert read_impressions(tmp_path / "log.db").empty
    sqlite3.connect(tmp_path / "empty.db").close()
    assert read_impressions(tmp_path / "empty.db").empty


def test_feedback_is_part_of_the_next_ingest(log, row, tmp_path):
    add(log, row("a", type="purchase", request_id="r1"), row("s", type="search", product_id=None, query="cream"))
    export_feedback(read_events(tmp_path / "log.db"), tmp_path / "feedback")
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


def test_logged_times_keep_their_microseconds(log, row, tmp_path):
    add(log, row("a", time=1_750_000_000.123456))
    assert as_table(read_events(tmp_path / "log.db"))["time"].iloc[0].microsecond == 123456
