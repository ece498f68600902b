"""Simulated visitors: reproducible, guided by their needs, and changed by drift."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from benchmarks.live_shop.behaviour import Traffic
from recommender.contract import columns as c
from recommender.contract.event_types import CLICK, DISMISS, EVENT_TYPES, PURCHASE, RATE_RECOMMENDATION
from recommender.synthetic.settings import SimulatedDriftSettings, SyntheticSettings, WithdrawalSettings
from recommender.synthetic.shop import clean_tables, records_on

SETTINGS = SyntheticSettings(customers=400, products=120, days=200)
START = datetime(2025, 7, 1, tzinfo=UTC)
LATER = datetime(2025, 8, 15, tzinfo=UTC)
DRIFTING = SETTINGS.model_copy(update={"drift": SimulatedDriftSettings(at=date(2025, 7, 20))})


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return Traffic(SETTINGS, newcomers=60)


@pytest.fixture(scope="module")
def drifting() -> Traffic:
    return Traffic(DRIFTING, newcomers=60)


def events_of(traffic: Traffic, sessions, shown) -> list[dict]:
    return [event for session in sessions for event in traffic.respond(session, shown(session), "r1")]


def count(events: list[dict], kind: str) -> int:
    return sum(event[c.TYPE] == kind for event in events)


def test_the_same_settings_give_the_same_visits_and_answers(traffic):
    again = Traffic(SETTINGS, newcomers=60)
    sessions = traffic.sessions(START, 30)
    assert again.sessions(START, 30) == sessions
    shown = traffic.product_ids[:10]
    assert [again.respond(s, shown) for s in sessions] == [traffic.respond(s, shown) for s in sessions]
    assert [again.browse(s) for s in sessions] == [traffic.browse(s) for s in sessions]


def test_visitors_are_the_shops_customers(traffic):
    known = clean_tables(SETTINGS)[c.CUSTOMERS].set_index(c.CUSTOMER_ID)
    sessions = [s for s in traffic.sessions(START, 200) if s.customer_id in known.index]
    assert len(sessions) > 150
    for session in sessions:
        told = known.loc[session.customer_id, c.SKIN_TYPE]
        assert session.profile.get(c.SKIN_TYPE) == told


def test_events_follow_the_contract(traffic):
    sessions = traffic.sessions(START, 100)
    events = events_of(traffic, sessions, lambda _: traffic.product_ids[:20])
    events += [event for session in sessions for event in traffic.browse(session)]
    assert len({event[c.EVENT_ID] for event in events}) == len(events)
    assert {event[c.TYPE] for event in events} <= set(EVENT_TYPES)
    assert all(event[c.PRODUCT_ID] in traffic.product_ids for event in events)
    rated = [event[c.VALUE] for event in events if event[c.TYPE] == RATE_RECOMMENDATION]
    assert rated
    assert all(1 <= value <= 5 for value in rated)
    assert {event.get(c.REQUEST_ID) for event in events} == {"r1", None}


def test_what_suits_is_clicked_and_bought_more_than_what_does_not(traffic):
    sessions = traffic.sessions(START, 150)
    odds = traffic.purchase_odds([s.customer_id for s in sessions], START)
    place = {session.session_id: i for i, session in enumerate(sessions)}

    def shown(session, sign):
        return [traffic.product_ids[i] for i in np.argsort(sign * odds[place[session.session_id]])[:10]]

    good = events_of(traffic, sessions, lambda session: shown(session, -1))
    bad = events_of(traffic, sessions, lambda session: shown(session, 1))
    assert count(good, CLICK) > 5 * count(bad, CLICK)
    assert count(good, PURCHASE) > 5 * count(bad, PURCHASE)
    assert count(bad, DISMISS) > count(good, DISMISS)


def test_what_is_avoided_is_never_clicked(traffic):
    sessions = traffic.sessions(START, 200)
    utility = traffic.utility([s.customer_id for s in sessions], START)
    events = events_of(traffic, sessions, lambda _: traffic.product_ids)
    number = {s.session_id: i for i, s in enumerate(sessions)}
    product = {name: i for i, name in enumerate(traffic.product_ids)}
    clicked = [utility[number[e[c.SESSION_ID]], product[e[c.PRODUCT_ID]]] for e in events if e[c.TYPE] == CLICK]
    assert np.isneginf(utility).any()
    assert np.isfinite(clicked).all()


def test_drift_changes_the_needs_after_its_date_only(traffic, drifting):
    who = [s.customer_id for s in traffic.sessions(START, 50)]
    np.testing.assert_array_equal(traffic.utility(who, START), drifting.utility(who, START))
    assert not np.array_equal(traffic.utility(who, LATER), drifting.utility(who, LATER))


def test_drift_brings_newcomers_of_another_mix(traffic, drifting):
    known = set(clean_tables(SETTINGS)[c.CUSTOMERS][c.CUSTOMER_ID])

    def newcomers(visits):
        return [session for session in visits if session.customer_id not in known]

    quiet, rush = newcomers(traffic.sessions(LATER, 600)), newcomers(drifting.sessions(LATER, 600))
    assert len(rush) > 1.5 * len(quiet) > 0


def test_what_is_expected_of_recommendations_is_the_mean_of_what_is_done(traffic):
    shown, sessions = traffic.product_ids[:10], traffic.sessions(START, 1500)
    bought = count(events_of(traffic, sessions, lambda _: shown), PURCHASE)
    expected = sum(traffic.expected_purchases(session, shown) for session in sessions)
    assert bought == pytest.approx(expected, rel=0.15)


def test_what_is_withdrawn_is_never_bought_again():
    gone = SETTINGS.model_copy(update={"withdrawal": WithdrawalSettings(at=date(2025, 4, 1))})
    tables, before = clean_tables(gone), clean_tables(SETTINGS)
    withdrawn = set(tables[c.PRODUCTS][c.PRODUCT_ID][tables[c.PRODUCTS][c.STOCK] == 0])
    withdrawn -= set(before[c.PRODUCTS][c.PRODUCT_ID][before[c.PRODUCTS][c.STOCK] == 0])
    brands = before[c.PRODUCTS].set_index(c.PRODUCT_ID)[c.BRAND]
    assert brands[[*withdrawn]].nunique() == 1

    def bought(tables, late):
        rows = tables[c.TRANSACTIONS]
        return (rows[c.PRODUCT_ID].isin(withdrawn) & ((rows[c.TIME] >= "2025-04-01") == late)).sum()

    assert bought(tables, late=False) == bought(before, late=False) > 0
    assert bought(before, late=True) > 0
    assert bought(tables, late=True) == 0


def test_records_on_a_day_know_nothing_later():
    day = date(2025, 2, 1)
    gone = SETTINGS.model_copy(update={"withdrawal": WithdrawalSettings(at=date(2025, 4, 1))})
    early, late = records_on(gone, day), records_on(gone, gone.end)
    assert (early[c.PRODUCTS][c.LAUNCHED] <= "2025-02-01").all()
    assert (early[c.CUSTOMERS][c.SIGNUP_TIME] <= "2025-02-01").all()
    assert len(early[c.PRODUCTS]) < len(late[c.PRODUCTS])
    assert (early[c.PRODUCTS][c.STOCK] == 0).sum() < (late[c.PRODUCTS][c.STOCK] == 0).sum()
