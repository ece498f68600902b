"""What is planted in the simulated year must be found by what the platform has against it, or prove nothing."""

import pandas as pd
import pytest

from benchmarks.simulated_year.faults import PLANTED, bad_events, count_planted, cut_off, shifted
from benchmarks.simulated_year.plan import BAD_EVENTS, CUT_OFF, SHIFTED, YearPlan, fault_of
from benchmarks.simulated_year.simulated_shop import SimulatedShop
from feedback.events import parse_events
from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.data.cleaning.prepare import prepare
from recommender.data.feedback import FEEDBACK_FILE, with_feedback
from recommender.data.sources.ingest import ingest
from settings.config import Config

PLAN = YearPlan(weeks=46, customers=150, products=80)


@pytest.fixture(scope="module")
def world():
    return SimulatedShop(PLAN)


def test_faults_have_their_weeks():
    assert [fault_of(week) for week in (CUT_OFF.first - 1, CUT_OFF.first, CUT_OFF.last)] == [None, "cut off", "cut off"]
    assert [fault_of(week) for week in (SHIFTED.first, SHIFTED.last, SHIFTED.last + 1)] == ["shifted", "shifted", None]


def test_no_bad_event_gets_past_collector_and_cleaning(world, tmp_path):
    rows = [*bad_events(PLAN.week(2), world.traffic.product_ids)]
    events, refused = parse_events(rows)
    assert events
    assert refused  # some are for the collector, the rest for cleaning
    folder = tmp_path / "feedback"
    folder.mkdir()
    table = pd.DataFrame([event.model_dump() for event in events])
    table.assign(**{c.TIME: pd.to_datetime(table[c.TIME], unit="s", utc=True)}).to_parquet(folder / FEEDBACK_FILE)
    raw = with_feedback(ingest(world.export(tmp_path / "source", -1)), folder)
    prepared = prepare(raw, Config(), PLAN.week(3).end)
    assert count_planted(prepared.tables.events) == 0
    kept_out = prepared.quarantine[prepared.quarantine["content"].str.contains(PLANTED)]
    assert len(kept_out) == len(events)


def test_planted_events_are_counted_where_they_are():
    events = pd.DataFrame({c.EVENT_ID: [f"{PLANTED}1", "e1", f"{PLANTED}2"]})
    assert count_planted(events) == 2
    assert count_planted(None) == 0


def test_bad_events_come_in_their_weeks_only(world):
    def has_bad(week):
        return any(row[c.EVENT_ID].startswith(PLANTED) for row in world.events(week))

    assert [has_bad(week) for week in (BAD_EVENTS.first - 1, BAD_EVENTS.first, BAD_EVENTS.last + 1)] == [
        False,
        True,
        False,
    ]


def test_a_cut_off_export_cannot_be_read(world, tmp_path):
    source = world.export(tmp_path / "source", CUT_OFF.first)
    with pytest.raises(DataError, match="products"):
        ingest(source)


def test_a_file_is_cut_in_half(tmp_path):
    file = tmp_path / "table"
    file.write_bytes(b"0123456789")
    cut_off(file)
    assert file.read_bytes() == b"01234"


def test_a_shifted_export_has_the_same_rows_of_other_products(world, tmp_path):
    right = ingest(world.export(tmp_path / "right", SHIFTED.first - 1)).tables
    wrong = ingest(world.export(tmp_path / "wrong", SHIFTED.first)).tables
    for name in (c.TRANSACTIONS, c.RATINGS, c.EVENTS):
        assert wrong[name][c.CUSTOMER_ID].equals(right[name][c.CUSTOMER_ID])
        assert sorted(wrong[name][c.PRODUCT_ID].dropna()) == sorted(right[name][c.PRODUCT_ID].dropna())
        assert (wrong[name][c.PRODUCT_ID] != right[name][c.PRODUCT_ID]).mean() > 0.8


def test_a_shift_is_the_same_each_time():
    rows = pd.DataFrame({c.PRODUCT_ID: [*"abcdefgh"]})
    tables = {c.TRANSACTIONS: rows, c.RATINGS: rows, c.EVENTS: rows}
    assert shifted(tables, 1)[c.RATINGS].equals(shifted(tables, 1)[c.RATINGS])
    assert not shifted(tables, 1)[c.RATINGS].equals(shifted(tables, 2)[c.RATINGS])


def test_an_export_knows_nothing_of_later_weeks(world, tmp_path):
    tables = ingest(world.export(tmp_path / "source", 3)).tables
    assert (tables[c.PRODUCTS][c.LAUNCHED] <= str(PLAN.week(4).first)).all()
    times = pd.to_datetime(tables[c.TRANSACTIONS][c.TIME], utc=True, errors="coerce", format="ISO8601")
    live = times.between(str(PLAN.begins), str(PLAN.week(PLAN.weeks).first))
    assert not live.any()
