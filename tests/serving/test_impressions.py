import json
import sqlite3
from contextlib import closing

from prometheus_client import REGISTRY

from serving.impressions import Impression, ImpressionLog, NoImpressions


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
    log._flush()  # the folder is not there
    assert counted("dropped") - before == 1

    folder.mkdir()
    log.add(impression(2))
    log._flush()

    assert [row[0] for row in rows(folder / "log.db")] == ["r2"]


def test_a_log_that_is_taken_away_is_begun_anew(tmp_path):
    path = tmp_path / "log.db"
    log = ImpressionLog(path, capacity=10, flush_seconds=0.01)
    log.add(impression(1))
    log._flush()

    path.rename(tmp_path / "kept.db")
    log.add(impression(2))
    log._flush()

    assert [row[0] for row in rows(path)] == ["r2"]


def test_without_a_log_impressions_are_forgotten():
    NoImpressions().add(impression())
