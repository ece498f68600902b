import logging

import pytest
from starlette.testclient import TestClient

from serving.answering.handler import RecommendationHandler
from serving.customers.source import NoCustomers
from serving.models.loaded_model import ModelSlot
from serving.models.variants import VariantRouter
from serving.server.app import create_app
from settings.serving import ServingSettings

PREDICT = "/v1/models/recommender:predict"
INFER = "/v2/models/recommender/infer"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", {"status": "alive"}),
        ("/v2/health/live", {"live": True}),
        ("/v2/health/ready", {"ready": True}),
        ("/v2/models/recommender/ready", {"name": "recommender", "ready": True}),
        ("/v1/models/recommender", {"name": "recommender", "ready": True}),
        ("/v1/models", {"models": ["recommender"]}),
    ],
)
def test_health_routes(shop, path, body):
    answer = shop.client.get(path)

    assert (answer.status_code, answer.json()) == (200, body)


def test_before_the_model_is_loaded_it_lives_and_is_not_ready(shop):
    handler = RecommendationHandler(VariantRouter(ModelSlot()), NoCustomers(), shop.impressions, ServingSettings())
    client = TestClient(create_app(handler, ServingSettings()))

    assert client.get("/v2/health/live").status_code == 200
    for path in ("/v2/health/ready", "/v2/models/recommender/ready", "/v1/models/recommender"):
        assert client.get(path).status_code == 503
    answer = client.post(PREDICT, json={"instances": [{"customer_id": "a"}]})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/v2/models/other", 404),
        ("POST", "/v2/models/other/infer", 404),
        ("POST", "/v1/models/other:predict", 404),
        ("GET", INFER, 405),
        ("DELETE", "/v2/health/live", 405),
    ],
)
def test_refusals_are_json(shop, method, path, status):
    answer = shop.client.request(method, path)

    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_body_over_the_limit_is_refused(open_shop):
    shop = open_shop(settings=ServingSettings(maximum_body_bytes=1000))

    answer = shop.client.post(PREDICT, content=b" " * 1001)

    assert answer.status_code == 413
    assert "1000 bytes" in answer.json()["error"]


def test_too_many_customers_are_refused(open_shop):
    shop = open_shop(settings=ServingSettings(maximum_batch=2))

    answer = shop.client.post(PREDICT, json={"instances": [{"customer_id": "a"}] * 3})

    assert answer.status_code == 400
    assert "Value: 3." in answer.json()["error"]
    assert "at most 2" in answer.json()["error"]


def test_a_malformed_request_id_is_refused(shop):
    answer = shop.client.post(PREDICT, json={"instances": [{}]}, headers={"x-request-id": "a b"})

    assert answer.status_code == 400
    assert "x-request-id" in answer.json()["error"]


def test_a_bug_becomes_a_500_that_tells_the_client_nothing_and_the_log_its_place(shop, caplog, monkeypatch):
    customer = "secret-customer"

    def fail(*_, **__):
        raise KeyError(customer)

    monkeypatch.setattr(shop.engine, "recommend", fail, raising=True)
    with caplog.at_level(logging.ERROR):
        answer = shop.client.post(PREDICT, json={"instances": [{"customer_id": customer}]})

    assert answer.status_code == 500
    assert customer not in answer.text + caplog.text
    assert "KeyError" in caplog.text
    assert "test_app.py" in caplog.text


def test_metrics_count_what_happened(shop, monkeypatch):
    # Feast sets it when another test imports it; this process has its metrics in memory.
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)

    def count(line):
        lines = shop.client.get("/metrics").text.splitlines()
        return next((float(text.rsplit(" ", 1)[1]) for text in lines if text.startswith(line)), 0.0)

    answers = 'recommender_answers_total{fallback="unknown_customer",path="popular",variant="champion"}'
    refusals = 'recommender_requests_total{protocol="v1",status="400"}'
    before = count(answers), count(refusals)

    shop.client.post(PREDICT, json={"instances": [{"customer_id": "new"}, {"customer_id": "newer"}]})
    shop.client.post(PREDICT, json={})

    assert (count(answers) - before[0], count(refusals) - before[1]) == (2, 1)
