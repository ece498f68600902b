"""One table of spellings goes through every door that an id comes in by, and comes out as one id.

Who is not recognised is shown what they avoid, and who is not recognised as forgotten comes back.
"""

import struct
from datetime import UTC, datetime
from types import SimpleNamespace

import orjson
import pandas as pd
import pytest

from feedback.events import CustomerEvent, parse_events
from feedback.impressions import ReceivedImpression, parse_impressions
from infrastructure.errors import RequestError
from recommender.contract.identifiers import MAXIMUM_LENGTH
from recommender.contract.impressions import Impression
from recommender.contract.query import Recommendation
from recommender.data.cleaning.prepare import prepare
from recommender.data.feedback import FEEDBACK_FILE, with_feedback
from recommender.data.parsing.pandas_parsing import id_keys
from recommender.data.raw_tables import RawTables
from recommender.data.sources.increments import merge_rows
from serving.answering.impression_logging import to_impression
from serving.answering.messages import Instance, ProfileMessage, parse_message
from serving.protocol import v1, v2
from settings.config import Config
from tests.support.command_line import beauty
from tests.support.paths import ROOT
from tests.support.spellings import SPELLINGS, UNUSABLE

NOW = datetime(2025, 7, 1, tzinfo=UTC)
PAIRS = [(text, wanted) for wanted, texts in SPELLINGS.items() for text in texts]


def event(**changes):
    right = {"event_id": "e", "customer_id": "c", "type": "view", "time": 1.0, "product_id": "p", "request_id": "r"}
    return right | changes


def instance(**fields):
    """What becomes of a V1 request's fields."""
    (request,) = v1.decode(orjson.dumps({"instances": [fields]}), 10)
    return request


def by_tensors(text):
    """The customer of a V2 request, asked for in JSON and in bytes."""
    data = text.encode()
    tail = struct.pack("<I", len(data)) + data
    tensor = {"name": "customer_id", "datatype": "BYTES", "shape": [1]}
    head = orjson.dumps({"inputs": [tensor | {"parameters": {"binary_data_size": len(tail)}}]})
    in_bytes = v2.decode(head + tail, len(head), 10)
    in_json = v2.decode(orjson.dumps({"inputs": [tensor | {"data": [text]}]}), None, 10)
    assert in_json.requests == in_bytes.requests
    return in_json.requests[0].customer_id


def received(rows_of, contract, row, field):
    """A field of a row that the collector has taken."""
    taken, rejected = rows_of([row])
    assert not rejected
    assert isinstance(taken[0], contract)
    return getattr(taken[0], field)


def impression(**changes):
    shown = Impression("r", 1.0, "abc", "champion", "v1", "[]", "[]", "")._asdict()
    return {"impression_id": "i", **shown, **changes}


def logged(text):
    """The request id that an endpoint logs."""
    request = SimpleNamespace(
        batch=SimpleNamespace(request_id=text),
        pseudonym="abc",
        fallback="",
        request=SimpleNamespace(kind="customer", k=10, profile_fields=""),
    )
    model = SimpleNamespace(variant="champion", engine=SimpleNamespace(version="v1"))
    return to_impression(request, Recommendation("7", (), "popular"), model).request_id


DOORS = {
    "V1 customer": lambda text: instance(customer_id=text).customer_id,
    "V1 exclude": lambda text: instance(profile={"exclude": ["a", text, "b"]}).profile.exclude[1],
    "V1 recent": lambda text: instance(profile={"recent": [text]}).recent[0],
    "V1 similar": lambda text: instance(profile={"similar_to": text}).similar_to,
    "V2 customer": by_tensors,
    **{
        f"event {field}": lambda text, field=field: received(parse_events, CustomerEvent, event(**{field: text}), field)
        for field in ("event_id", "customer_id", "session_id", "product_id", "request_id")
    },
    **{
        f"impression {field}": lambda text, field=field: received(
            parse_impressions, ReceivedImpression, impression(**{field: text}), field
        )
        for field in ("impression_id", "request_id")
    },
    "logged request": logged,
    "raw table": lambda text: id_keys(pd.Series([text, None]))[0],
}
LIMITED = {name: door for name, door in DOORS.items() if name not in ("logged request", "raw table")}
"""Doors that refuse what is no id; the others see only what one of these let in, or leave it to cleaning."""


@pytest.mark.parametrize("name", DOORS)
def test_every_spelling_is_one_id_at_every_door(name):
    sent = [(text, wanted) for text, wanted in PAIRS if name not in LIMITED or len(text) <= 256]
    assert [DOORS[name](text) for text, _ in sent] == [wanted for _, wanted in sent]


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("text", UNUSABLE)
def test_what_is_no_id_is_refused_at_every_door(name, text):
    with pytest.raises((RequestError, AssertionError)):
        LIMITED[name](text)


@pytest.mark.parametrize("text", [" ", "\ufeff", "\t"])
def test_a_blank_customer_is_nobody_and_a_blank_product_is_refused(text):
    assert instance(customer_id=text).customer_id == ""
    with pytest.raises(RequestError):
        instance(profile={"exclude": [text]})
    with pytest.raises(AssertionError):
        DOORS["event customer_id"](text)


def test_a_refusal_names_the_field_and_never_the_customer():
    with pytest.raises(RequestError) as refused:
        parse_message(Instance, '{"customer_id": "ann\\nsmith"}')
    assert "field: customer_id" in str(refused.value)
    assert "1 to 256 characters without control characters" in str(refused.value)
    assert "smith" not in str(refused.value)
    with pytest.raises(RequestError, match="Id 2 should have 1 to 256"):
        instance(profile={"exclude": ["a", "b\nc"]})


def test_every_document_says_the_same_limit():
    profile = ProfileMessage.model_json_schema()["properties"]
    found = {
        "customer": Instance.model_json_schema()["properties"]["customer_id"],
        "similar_to": profile["similar_to"]["anyOf"][0],
        **{name: profile[name]["anyOf"][0]["items"] for name in ("recent", "exclude")},
        **{name: CustomerEvent.model_json_schema()["properties"][name] for name in ("event_id", "customer_id")},
        "impression": ReceivedImpression.model_json_schema()["properties"]["impression_id"],
    }
    assert {name: schema["maxLength"] for name, schema in found.items()} == dict.fromkeys(found, MAXIMUM_LENGTH)
    for page in ("serving/requests", "monitoring/events", "figures/reference/cleaning-rules"):
        assert f"{MAXIMUM_LENGTH} characters" in (ROOT / "docs" / f"{page}.md").read_text(), page


def test_a_source_has_one_customer_and_one_product_for_all_spellings():
    """What customers table, products table and transactions say of one id meets, whichever way each writes it."""
    many = [(wanted, texts) for wanted, texts in SPELLINGS.items() if len(texts) > 1]
    first, last = [texts[0] for _, texts in many], [texts[-1] for _, texts in many]
    every = [text for _, texts in many for text in texts]
    tables = {
        "products": pd.DataFrame({"product_id": first, "name": first}),
        "customers": pd.DataFrame({"customer_id": last, "avoided_ingredients": [["linalool"]] * len(last)}),
        "transactions": pd.DataFrame({"customer_id": every, "product_id": every, "quantity": 1}),
    }
    prepared = prepare(RawTables("shop", tables), Config(), NOW)
    assert prepared.quarantine.empty
    assert prepared.tables.products["product_id"].tolist() == [wanted for wanted, _ in many]
    assert prepared.tables.customers["customer_id"].tolist() == [wanted for wanted, _ in many]
    sold = prepared.tables.transactions
    assert sold["customer_id"].tolist() == sold["product_id"].tolist() == [
        wanted for wanted, texts in many for _ in texts
    ]  # fmt: skip


@pytest.mark.parametrize("ids", [[7, 8], [7.0, None], ["7.0", "8"], [" 7", "8"]])
def test_an_avoidance_that_an_app_reports_reaches_the_customer_of_the_source(ids, tmp_path):
    (avoided,), _ = parse_events([event(customer_id="7.0", type="avoid", product_id=None, query="linalool")])
    pd.DataFrame([avoided.model_dump()]).to_parquet(tmp_path / FEEDBACK_FILE)
    known = pd.DataFrame({"customer_id": ids, "avoided_ingredients": [["parfum"], None]})
    customers = with_feedback(RawTables("shop", {"customers": known}), tmp_path).tables["customers"]
    assert customers["avoided_ingredients"].tolist() == [["parfum", "linalool"], None]


def test_a_later_ingest_replaces_a_row_whose_id_it_writes_otherwise():
    old = pd.DataFrame({"customer_id": [7, 8], "region": ["north", "south"]})
    new = pd.DataFrame({"customer_id": [7.0, None], "region": ["east", "west"]})
    merged = merge_rows("customers", old, new, ("customer_id",))
    assert id_keys(merged["customer_id"]).tolist() == ["7", "8", None]
    assert merged["region"].tolist() == ["east", "south", "west"]


@pytest.mark.parametrize("text", [*(text for text, _ in PAIRS), *UNUSABLE[2:3], "--source", "-", "--"])
@pytest.mark.parametrize("one_word", [True, False])
def test_the_command_line_takes_every_id_as_it_is_typed(text, one_word, monkeypatch):
    """Also one that looks like an option."""
    asked = []
    monkeypatch.setattr("deployment.sample_request.request_recommendations", lambda *given: asked.append(given))
    named = [f"--customer={text}"] if one_word else ["--customer", text]
    assert beauty("ask", "--address", "http://localhost", *named).exit_code == 0
    assert asked == [("http://localhost", text)]
