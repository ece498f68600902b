"""The collector's benchmark: it sends what the contract takes, and tells medians."""

from dataclasses import asdict

from benchmarks.collector.throughput import BATCH, BATCHES, _batches, throughput_text
from feedback.events import parse_events


def test_what_is_sent_keeps_the_contract_and_is_new_each_time():
    rows = [asdict(row) for rows in _batches() for row in rows]
    assert not parse_events(rows[:BATCH])[1]
    assert len({row["event_id"] for row in rows}) == BATCH * BATCHES


def test_figures_are_medians_and_the_ratio_is_within_a_round():
    text = throughput_text([(100.0, 50.0), (1000.0, 100.0), (200.0, 60.0)])
    assert text.startswith("60 events a second")
    assert "0.30 of the 200" in text
