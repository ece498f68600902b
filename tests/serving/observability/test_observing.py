"""What can be seen of a request from outside: metrics, a line of JSON, a trace; and never a customer."""

import asyncio
import io
import json
import logging
import time
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY
from starlette.testclient import TestClient

from infrastructure.errors import ConfigError
from serving.answering.admission import AdmissionControl
from serving.customers.lookup import CircuitBreaker
from serving.customers.source import Customer, StoreUnavailableError
from serving.observability import logs, tracing
from serving.server.app import create_app
from settings.serving import ServingSettings
from tests.support.paths import ROOT
from tests.support.servers.broken_stores import Broken

SERVING = ROOT / "serving"
PREDICT = "/v1/models/recommender:predict"
INFER = "/v2/models/recommender/infer"
BODY = {"instances": [{"customer_id": "secret-ann"}]}


def counted(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def lines():
    """The log of the service so far, each line read as JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("serving")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def spans(monkeypatch):
    monkeypatch.setattr(tracing, "_tracer", None)
    exporter = InMemorySpanExporter()
    provider = tracing.export_to(exporter)
    yield lambda: provider.force_flush() and exporter.get_finished_spans()
    provider.shutdown()


def test_time_is_measured_by_protocol_variant_and_path(shop):
    name = "recommender_request_seconds_count"
    good = {"protocol": "v1", "variant": "champion", "path": "popular"}
    before = counted(name, **good), counted(name, protocol="v1", variant="", path="")

    shop.client.post(PREDICT, json=BODY)
    shop.client.post(PREDICT, json={})

    assert counted(name, **good) - before[0] == 1
    assert counted(name, protocol="v1", variant="", path="") - before[1] == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PREDICT, {"instances": [{"customer_id": "ann"}]}),
        (INFER, {"inputs": [{"name": "customer_id", "datatype": "BYTES", "shape": [1], "data": ["ann"]}]}),
    ],
)
def test_an_impression_logs_the_time_of_its_response_with_the_wait_for_its_turn(shop, path, body):
    class Slow(AdmissionControl):
        async def submit(self, request, size=1):
            await asyncio.sleep(0.05)
            return await super().submit(request, size)

    began = time.perf_counter()
    slow = Slow(shop.handler.respond_to_all, capacity=1, maximum_wait_seconds=1)
    client = TestClient(create_app(shop.handler, ServingSettings(), slow))
    assert client.post(path, json=body).status_code == 200
    (impression,) = shop.impressions
    assert 0.05 <= impression.seconds < time.perf_counter() - began


def test_every_label_has_few_values_whatever_is_requested(shop):
    def series():
        return {(sample.name, *sample.labels.items()) for metric in REGISTRY.collect() for sample in metric.samples}

    shop.client.post(PREDICT, json=BODY)
    before = series()
    for number in range(30):
        body = {"instances": [{"customer_id": f"c{number}", "profile": {"region": f"r{number}"}}]}
        shop.client.post(PREDICT, json=body, headers={"x-request-id": f"id{number}"})
        shop.client.get(f"/nowhere/{number}")
        shop.client.post(f"/v1/models/m{number}:predict", json=BODY)

    assert {name for name, *_ in series() - before if name.startswith("recommender")} <= {
        "recommender_requests_total",
        "recommender_requests_created",
        "recommender_request_seconds_bucket",
        "recommender_request_seconds_count",
        "recommender_request_seconds_sum",
        "recommender_request_seconds_created",
    }
    assert len(series() - before) < 30


def test_store_reads_are_counted_and_a_failure_is_logged_once(caplog):
    guarded = CircuitBreaker(Broken(), retry_seconds=60)
    before = {outcome: counted("recommender_store_reads_total", outcome=outcome) for outcome in ("failed", "skipped")}

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(StoreUnavailableError):
                guarded.read(["ann"])

    assert counted("recommender_store_reads_total", outcome="failed") - before["failed"] == 1
    assert counted("recommender_store_reads_total", outcome="skipped") - before["skipped"] == 2
    assert caplog.text.count("cannot be read") == 1


class Fleeting:
    """Knows one customer, once."""

    def __init__(self, customer):
        self.known = [{"secret-ann": customer}]

    def read(self, _):
        if not self.known:
            raise StoreUnavailableError("gone")
        return self.known.pop()


@pytest.mark.parametrize(
    ("store", "anything_known", "by"),
    [
        pytest.param(Broken(), True, "cautious", id="cautious"),
        pytest.param(Fleeting(Customer(avoided_ingredients=())), True, "remembered", id="remembered"),
        pytest.param(Broken(), False, "neither", id="neither: nobody avoids anything, no product says what is in it"),
    ],
)
def test_responses_without_the_store_are_counted_by_what_replaced_it(open_shop, store, anything_known, by):
    shop = open_shop(store)
    shop.engine.catalogue.ingredients_known[:] = anything_known
    if by == "remembered":
        shop.client.post(PREDICT, json=BODY)
    ways = ("cautious", "remembered", "neither")
    before = {way: counted("recommender_answers_without_store_total", by=way) for way in ways}

    shop.client.post(PREDICT, json=BODY)

    after = {way: counted("recommender_answers_without_store_total", by=way) for way in ways}
    assert after == before | {by: before[by] + 1}


def test_a_request_is_logged_with_its_id_if_the_settings_say_so(open_shop, lines):
    shop = open_shop(settings=ServingSettings(log_requests=True))

    shop.client.post(PREDICT, json=BODY, headers={"x-request-id": "r-17"})

    (line,) = [line for line in lines() if line["message"] == "answered"]
    assert (line["level"], line["protocol"], line["status"], line["variant"], line["path"]) == (
        "info",
        "v1",
        200,
        "champion",
        "popular",
    )
    assert line["request_id"] == "r-17"
    assert line["milliseconds"] > 0
    assert "secret-ann" not in json.dumps(lines())


def test_a_log_line_has_the_id_of_its_request():
    record = logging.LogRecord("serving.x", logging.ERROR, "f", 1, "a %s\nthing", ("bad",), None)
    assert "request_id" not in json.loads(logs.JsonFormatter().format(record))

    token = logs.REQUEST_ID.set("r-18")
    line = logs.JsonFormatter().format(record)
    logs.REQUEST_ID.reset(token)

    assert "\n" not in line
    found = json.loads(line)
    assert (found["request_id"], found["message"], found["level"]) == ("r-18", "a bad\nthing", "error")


def test_a_bug_is_logged_with_its_requests_id_and_no_customer(shop, lines, monkeypatch):
    customer = BODY["instances"][0]["customer_id"]

    def fail(*_, **__):
        raise KeyError(customer)

    monkeypatch.setattr(shop.engine, "recommend", fail)
    answer = shop.client.post(PREDICT, json=BODY, headers={"x-request-id": "r-19"})

    assert answer.status_code == 500
    assert [line["request_id"] for line in lines()] == ["r-19"]
    assert customer not in json.dumps(lines()) + answer.text


def test_a_request_is_a_span_within_its_callers_trace_with_one_for_the_store_and_the_model(shop, spans):
    caller = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{caller}-00f067aa0ba902b7-01", "x-request-id": "r-20"}

    shop.client.post(PREDICT, json=BODY, headers=headers)
    shop.client.post(PREDICT, json={})

    store, model, request, refused = spans()
    assert [span.name for span in (store, model, request, refused)] == ["store", "model", *["recommender.v1"] * 2]
    assert f"{request.context.trace_id:032x}" == caller
    assert {span.parent.span_id for span in (store, model)} == {request.context.span_id}
    told = request.attributes
    assert (told["recommender.request_id"], told["recommender.customers"], told["recommender.status"]) == (
        "r-20",
        1,
        200,
    )
    assert (told["recommender.variant"], told["recommender.path"]) == ("champion", "popular")
    assert refused.attributes["recommender.status"] == 400
    assert refused.parent is None
    assert not [span for span in spans() if "secret-ann" in span.to_json()]


def test_traces_are_off_unless_an_exporter_is_named_and_an_unknown_one_is_refused(monkeypatch):
    monkeypatch.setattr(tracing, "_tracer", None)

    tracing.configure_tracing()
    tracing.configure_tracing("none")
    assert tracing._tracer is None
    with pytest.raises(ConfigError, match="OTEL_TRACES_EXPORTER"):
        tracing.configure_tracing("carrier-pigeon")

    tracing.configure_tracing("console")
    assert tracing._tracer is not None


def test_otlp_is_found_by_its_packages_name(monkeypatch):
    monkeypatch.setattr(tracing, "_tracer", None)
    exporter, asked = InMemorySpanExporter(), []

    def packaged(*, group, name=None):
        asked.append((group, name))
        return [SimpleNamespace(name=name, load=lambda: lambda: exporter)]

    monkeypatch.setattr(tracing, "entry_points", packaged)
    tracing.configure_tracing("otlp")

    assert asked == [("opentelemetry_traces_exporter", "otlp_proto_http")]
    assert tracing._tracer is not None


def test_the_image_with_traces_has_all_packages_of_the_other():
    def pinned(name):
        lines = (SERVING / name).read_text().splitlines()
        return {line for line in lines if "==" in line and not line.lstrip().startswith("#")}

    more = pinned("requirements-otlp.txt") - pinned("requirements.txt")
    assert pinned("requirements.txt") <= pinned("requirements-otlp.txt")
    assert "opentelemetry-exporter-otlp-proto-http" in {line.partition("==")[0] for line in more}
