"""The OpenAPI document says what the routes do, and no request that it allows breaks them."""

import os
import re
import struct

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recommender.contract.query import Item
from serving.protocol import openapi, openapi_examples
from serving.protocol.v2 import HEADER_LENGTH
from serving.server.app import MODEL

INFER, PREDICT = f"/v2/models/{MODEL}/infer", f"/v1/models/{MODEL}:predict"
REQUESTS = int(os.environ.get("OPENAPI_REQUESTS", "100"))
"""How many requests are drawn in all; ``make fuzz`` draws 10,000."""
EACH = REQUESTS // 5
"""Of those, how many are drawn in each of the five ways."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MANY = settings(max_examples=EACH, suppress_health_check=[*HealthCheck])


def test_the_document_has_exactly_the_routes(shop):
    routes = {
        (route.path.replace("{model}", MODEL), method.lower())
        for route in shop.client.app.routes
        if route.include_in_schema
        for method in route.methods - {"HEAD"}
    }
    paths = shop.client.get(openapi.PATH).json()["paths"]
    assert {(path, method) for path, methods in paths.items() for method in methods} == routes


@pytest.mark.parametrize("name", openapi_examples.PREDICT)
def test_an_example_of_v1_is_answered_as_the_document_says(shop, name):
    answer = shop.client.post(PREDICT, json=openapi_examples.PREDICT[name])
    assert answer.status_code == 200
    found = openapi.PredictResponse.model_validate(answer.json())
    assert len(found.predictions) == len(openapi_examples.PREDICT[name]["instances"])
    assert isinstance(found.predictions[0].items[0], Item)


@pytest.mark.parametrize("name", openapi_examples.INFER)
def test_an_example_of_v2_is_answered_as_the_document_says(shop, name):
    answer = shop.client.post(INFER, json=openapi_examples.INFER[name])
    assert answer.status_code == 200
    assert openapi.InferResponse.model_validate(answer.json()).outputs[0].data


def test_the_limits_in_the_document_are_those_that_apply(shop):
    schemas = shop.client.get(openapi.PATH).json()["components"]["schemas"]
    most = schemas["Instance"]["properties"]["k"]["anyOf"][0]["maximum"]
    assert shop.client.post(PREDICT, json={"instances": [{"k": most}]}).status_code == 200
    assert shop.client.post(PREDICT, json={"instances": [{"k": most + 1}]}).status_code == 400


def test_the_ids_in_the_document_are_those_that_are_accepted(shop):
    operation = shop.client.get(openapi.PATH).json()["paths"][PREDICT]["post"]
    (header,) = [parameter for parameter in operation["parameters"] if parameter["in"] == "header"]
    for told in ("r-17", "~" * 256, "~" * 257, "a b", "é"):
        taken = re.search(header["schema"]["pattern"], told) is not None
        answer = shop.client.post(PREDICT, json={"instances": [{}]}, headers={header["name"]: told.encode()})
        assert answer.status_code == (200 if taken else 400)
        assert not taken or answer.json()["predictions"][0]["request_id"] == told


@pytest.mark.parametrize("path", [INFER, PREDICT])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_drawn_from_the_document_causes_a_server_error(shop, path, mode):
    """Requests as the document describes them, and such as break it on purpose."""
    schema = schemathesis.openapi.from_asgi(openapi.PATH, shop.client.app)
    statuses = []

    @MANY
    @given(case=schema[path]["POST"].as_strategy(generation_mode=mode))
    def send(case):
        statuses.append(case.call_and_validate(checks=CHECKS).status_code)

    send()
    assert EACH <= len(statuses) <= 1.2 * EACH
    # A request may be as the document says and still ask for nothing: which tensors are needed it cannot say.
    assert set(statuses) <= {200, 400}


names = st.sampled_from(["customer_id", "k", "profile"])
datatypes = st.sampled_from(["BYTES", "INT32", "INT64"])
sizes = st.integers(0, 2**34) | st.integers(0, 80)
texts = st.binary(max_size=12).map(lambda text: struct.pack("<I", len(text)) + text)
lies = st.integers(0, 2**32 - 1).map(lambda size: struct.pack("<I", size))
tails = st.lists(texts | lies | st.binary(max_size=9), max_size=5).map(b"".join)


rarely = st.integers(0, 4).map(lambda drawn: drawn == 0)


@st.composite
def binary_requests(draw):
    """A V2 request whose tensor follows the JSON part; sizes, header and kind lie now and then."""
    tail = draw(tails)
    tensor = {
        "name": draw(names) if draw(rarely) else "customer_id",
        "datatype": draw(datatypes) if draw(rarely) else "BYTES",
        "shape": draw(st.lists(st.integers(0, 3) | sizes, min_size=1, max_size=2)),
        "parameters": {"binary_data_size": draw(sizes) if draw(rarely) else len(tail)},
    }
    head = orjson.dumps({"inputs": [tensor], "parameters": {"binary_data_output": draw(st.booleans())}})
    return head + tail, str(draw(sizes) if draw(rarely) else len(head))


def test_no_bytes_after_a_v2_request_cause_a_server_error(shop):
    statuses = []

    @MANY
    @given(request=binary_requests())
    def send(request):
        body, length = request
        answer = shop.client.post(INFER, content=body, headers={HEADER_LENGTH: length})
        assert answer.status_code in (200, 400, 413), answer.text
        statuses.append(answer.status_code)

    send()
    assert EACH <= len(statuses) <= 1.2 * EACH
    assert 400 in statuses
    assert shop.client.get("/v2/health/live").status_code == 200
