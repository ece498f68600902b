import json
import sqlite3
import threading
from contextlib import closing

import pytest
from prometheus_client import REGISTRY

from feedback.log_reader import read_impressions
from recommender.contract.impressions import Impression
from serving.impressions import log as impressions
from serving.impressions.log import ImpressionLog, NoImpressions


def impression(number=0):
    return Impression(f"r{number}", 1.5, "abc", "champion", "v1", json.dumps(["p"]), "[1.0]", "")


def rows(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM impressions ORDER BY rowid").fetchall()


def counted(outcome):
    return REGISTRY.get_sample_value("recommender_impressions_total", {"outcome": outcome}) or 0.0


def test_everything_added_is_written_by_the_end(tmp_path):
    log = ImpressionLog(tmp_path / "log.db", capacity=5000, flush_seconds=0.01)
    log.start()
    for number in range(2500):
        log.add(impression(number))
    log.stop()

    written = rows(tmp_path / "log.db")
    assert len(written) == 2500
    assert written[7] == impression(7)


def test_a_full_queue_drops_and_counts_and_never_waits(tmp_path):
    log = ImpressionLog(tmp_path / "log.db", capacity=3, flush_seconds=60)
    before = counted("dropped")

    for number in range(10):
        log.add(impression(number))

    assert counted("dropped") - before == 7
    log.start()
    log.stop()
    assert [row[0] for row in rows(tmp_path / "log.db")] == ["r0", "r1", "r2"]


def test_a_log_that_cannot_be_written_drops_and_recovers(tmp_path):
    folder = tmp_path / "volume"
    log = ImpressionLog(folder / "log.db", capacity=10, flush_seconds=0.01)
    before = counted("dropped")
    log.add(impression(1))
    log.flush()  # the folder is not there
    assert counted("dropped") - before == 1

    folder.mkdir()
    log.add(impression(2))
    log.flush()

    assert [row[0] for row in rows(folder / "log.db")] == ["r2"]


def test_a_log_that_is_removed_is_made_again(tmp_path):
    path = tmp_path / "log.db"
    log = ImpressionLog(path, capacity=10, flush_seconds=0.01)
    log.add(impression(1))
    log.flush()

    path.rename(tmp_path / "kept.db")
    log.add(impression(2))
    log.flush()

    assert [row[0] for row in rows(path)] == ["r2"]


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A log with one impression, and another connection that lets nobody write to it."""
    monkeypatch.setattr(impressions, "_BUSY_SECONDS", 0.01)
    log = ImpressionLog(tmp_path / "log.db", capacity=10, flush_seconds=0.01)
    log.add(impression(0))
    log.flush()
    with closing(sqlite3.connect(tmp_path / "log.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield log, other


def test_impressions_wait_while_the_log_is_locked_and_are_written_once(locked, tmp_path):
    log, other = locked
    before = counted("dropped"), counted("written")

    for number in (1, 2):
        log.add(impression(number))
        log.flush()
    assert (counted("dropped"), counted("written")) == before

    other.rollback()
    log.flush()
    assert [row[0] for row in rows(tmp_path / "log.db")] == ["r0", "r1", "r2"]
    assert (counted("dropped"), counted("written")) == (before[0], before[1] + 2)


def test_impressions_that_wait_for_a_locked_log_are_counted_as_dropped_at_the_end(locked, tmp_path):
    log, other = locked
    before = counted("dropped")
    log.start()
    for number in (1, 2):
        log.add(impression(number))
    log.stop()

    assert counted("dropped") - before == 2
    other.rollback()
    assert [row[0] for row in rows(tmp_path / "log.db")] == ["r0"]


OLD = """
CREATE TABLE impressions (
    request_id TEXT NOT NULL, time REAL NOT NULL, customer TEXT NOT NULL, variant TEXT NOT NULL,
    model_version TEXT NOT NULL, products TEXT NOT NULL, scores TEXT NOT NULL, fallback TEXT NOT NULL
);
CREATE INDEX impressions_time ON impressions (time);
PRAGMA journal_mode = WAL;
INSERT INTO impressions VALUES ('old', 1.0, 'abc', 'champion', 'v1', '["p"]', '[1.0]', '');
"""


@pytest.fixture
def begun_before(tmp_path):
    """A log that a version without the later columns has begun."""
    with closing(sqlite3.connect(tmp_path / "log.db")) as connection:
        connection.executescript(OLD)
    return tmp_path / "log.db"


def test_a_log_begun_by_an_earlier_version_is_read_as_it_is(begun_before):
    read = read_impressions(begun_before)
    assert read["request_id"].tolist() == ["old"]
    assert read["seconds"].isna().all()


def test_a_log_begun_by_an_earlier_version_is_continued(begun_before):
    log = ImpressionLog(begun_before, capacity=10, flush_seconds=0.01)
    log.add(impression(1)._replace(seconds=0.25))
    log.flush()

    read = read_impressions(begun_before).set_index("request_id")
    assert read["seconds"].to_dict() == {"old": pytest.approx(float("nan"), nan_ok=True), "r1": 0.25}


@pytest.mark.parametrize("rows", [1, 100, 101, 250])
def test_any_number_of_waiting_impressions_is_written_in_order(tmp_path, rows):
    log = ImpressionLog(tmp_path / "log.db", capacity=1000, flush_seconds=60)
    for number in range(rows):
        log.add(impression(number))
    log.flush()
    with sqlite3.connect(tmp_path / "log.db") as connection:
        written = [Impression(*row) for row in connection.execute("SELECT * FROM impressions ORDER BY rowid")]
    connection.close()
    assert written == [impression(number) for number in range(rows)]


def test_workers_that_open_an_old_log_at_once_all_write(begun_before):
    logs = [ImpressionLog(begun_before, capacity=10, flush_seconds=60) for _ in range(8)]
    before, together = counted("dropped"), threading.Barrier(len(logs))

    def flush(log):
        log.add(impression())
        together.wait(60)
        log.flush()

    workers = [threading.Thread(target=flush, args=(log,)) for log in logs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counted("dropped") == before
    assert len(rows(begun_before)) == 1 + len(logs)


def test_without_a_log_impressions_are_forgotten():
    NoImpressions().add(impression())
