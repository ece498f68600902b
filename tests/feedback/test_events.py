"""The event contract: which rows are taken, and why the others are not."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.events import parse_events
from recommender.contract import event_types

NOW = 1_750_000_000.0

REFUSED = [
    ({"event_id": None}, "event_id", "string"),
    ({"event_id": ""}, "event_id", "at least 1"),
    ({"event_id": "\ud800"}, "event_id", "string"),
    ({"customer_id": 7}, "customer_id", "string"),
    ({"type": "veiw"}, "type", "'veiw' is none of view, search"),
    ({"type": "purchase", "product_id": None}, "product_id", "'purchase' needs a product_id"),
    ({"type": "search", "product_id": None}, "query", "'search' needs its query"),
    ({"type": "avoid", "product_id": None, "query": "  "}, "query", "needs the ingredient"),
    ({"type": "rate_recommendation"}, "value", "from 1 to 5"),
    *(({"type": "purchase", "value": pieces}, "value", "whole number of pieces") for pieces in (-1, 0, 0.5)),
    ({"type": "rate_recommendation", "value": 6}, "value", "from 1 to 5"),
    ({"value": float("nan")}, "value", "finite"),
    ({"time": "yesterday"}, "time", "'yesterday' is not a time"),
    ({"time": "2025-06-30T12:00:00"}, "time", "no time zone"),
    ({"time": "\ud800"}, "time", r"'\ud800' is not a time"),
    ({"type": "\ud800"}, "type", r"'\ud800' is none of"),
    ({"time": NOW + 3600}, "time", "future"),
    ({"time": True}, "time", "number"),
    ({"product": "p1"}, "product", "not permitted"),
]


@pytest.mark.parametrize(("changes", "field", "reason"), REFUSED)
def test_a_bad_row_is_refused_with_its_field_and_reason(row, changes, field, reason):
    events, rejected = parse_events([row(), row(**changes), row("e2")], latest=NOW + 60)
    assert [event.event_id for event in events] == ["e1", "e2"]
    assert [(r.index, r.field) for r in rejected] == [(1, field)]
    assert reason in rejected[0].reason


@pytest.mark.parametrize("missing", ["event_id", "customer_id", "type", "time"])
def test_a_missing_field_is_named(row, missing):
    incomplete = {name: value for name, value in row().items() if name != missing}
    _, rejected = parse_events([incomplete])
    assert [(r.field, r.reason) for r in rejected] == [(missing, "Field required")]


@pytest.mark.parametrize("value", [None, 3, "x", [], [{}]])
def test_what_is_no_object_is_refused(value):
    events, rejected = parse_events([value])
    assert not events
    assert rejected[0].reason == "an event is a JSON object"


def test_times_with_any_zone_become_seconds(row):
    events, _ = parse_events([row(time="2025-06-30T12:00:00Z"), row(time="2025-06-30T14:00:00+02:00")])
    assert [event.time for event in events] == [1_751_284_800.0] * 2


@pytest.mark.parametrize("event_type", event_types.EVENT_TYPES)
def test_every_type_of_the_contract_is_taken(row, event_type):
    events, rejected = parse_events([row(type=event_type, query="cream", value=4)])
    assert not rejected
    assert events[0].type == event_type


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(["event_id", "customer_id", "type", "product_id", "time", "query", "value", "request_id"])


@settings(max_examples=50)
@given(st.lists(st.dictionaries(fields, json_values) | json_values, max_size=5))
def test_every_row_is_either_taken_or_rejected_with_a_reason(rows):
    events, rejected = parse_events(rows)
    assert len(events) + len(rejected) == len(rows)
    assert all(r.reason for r in rejected)
    json.dumps([r.model_dump() for r in rejected]).encode()
