"""The demonstration's shop: what is recorded and what is played live are the two parts of one simulation."""

from datetime import timedelta

import pandas as pd
import pytest

from benchmarks.drift_demo import demo
from benchmarks.drift_demo.demo import DRIFTED, NAME, QUIET, RECORDED, SETTINGS
from benchmarks.live_shop.shop import LiveShop, write_source
from feedback.events import parse_events
from recommender.contract import columns as c
from recommender.contract import event_types
from recommender.data.sources.ingest import ingest
from settings.config import Config

LIVE = pd.Timestamp(RECORDED + timedelta(days=1), tz="UTC")


@pytest.fixture(scope="module")
def shop():
    return LiveShop(SETTINGS.model_copy(update={"customers": 200, "products": 100, "days": 120}), RECORDED)


@pytest.fixture(scope="module")
def recorded(shop, tmp_path_factory):
    return ingest(write_source(shop.recorded, NAME, tmp_path_factory.mktemp("demo") / "source"))


def times(table):
    return pd.to_datetime(table[c.TIME], utc=True, errors="coerce", format="ISO8601")


def test_the_demonstrations_own_parameters_are_parameters():
    assert Config.load(demo.OWN_CONFIG) != Config()


def test_nothing_that_happens_live_was_recorded(shop, recorded):
    end = LIVE + timedelta(days=28)
    for name in (c.TRANSACTIONS, c.RATINGS, c.EVENTS):
        assert not times(recorded.tables[name]).between(LIVE, end, inclusive="left").any()
    known = set(recorded.tables[c.EVENTS][c.EVENT_ID]) | set(recorded.tables[c.TRANSACTIONS][c.TRANSACTION_ID])
    live = {row[c.EVENT_ID] for phase in (QUIET, DRIFTED) for row in shop.events(phase)}
    assert live
    assert not live & known


def test_live_events_are_those_of_their_days_in_order(shop):
    for phase in (QUIET, DRIFTED):
        when = times(pd.DataFrame(shop.events(phase)))
        assert when.is_monotonic_increasing
        assert when.iloc[0] >= phase.start
        assert when.iloc[-1] < phase.start + timedelta(days=phase.days)


def test_most_live_events_keep_the_contract(shop):
    events, rejected = parse_events(shop.events(QUIET))
    assert {event.type for event in events} >= {event_types.VIEW, event_types.PURCHASE}
    assert len(rejected) < 0.05 * len(events)


def test_visits_are_answered_with_events_of_the_contract(shop):
    session = shop.traffic.sessions(DRIFTED.start, 5, DRIFTED.days)[0]
    rows = shop.traffic.respond(session, shop.traffic.product_ids, "r1")
    events, rejected = parse_events(rows)
    assert not rejected
    assert {event.request_id for event in events} == {"r1"}
