"""The real KServe client against a live server."""

import asyncio
import json
import threading
import time

import httpx
import numpy as np
import pytest
import uvicorn
from kserve import InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig

from tests.support.servers.claimed_port import claimed_port


@pytest.fixture
def port():
    with claimed_port() as port:
        yield port


@pytest.fixture
def address(shop, port):
    server = uvicorn.Server(uvicorn.Config(shop.client.app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


def client(protocol):
    return InferenceRESTClient(RESTConfig(protocol=protocol, retries=0, timeout=10))


def test_v1(address):
    async def ask():
        kserve = client("v1")
        body = {"instances": [{"customer_id": "ann", "k": 2, "profile": {"skin_type": "dry"}}]}
        return (
            await kserve.is_server_live(address),
            await kserve.is_model_ready(address, "recommender"),
            await kserve.infer(address, body, model_name="recommender"),
        )

    live, ready, answer = asyncio.run(ask())

    assert (live, ready) == (True, True)
    assert [item["product_id"] for item in answer["predictions"][0]["items"]] == ["serum", "toner"]


@pytest.mark.parametrize("binary", [False, True])
def test_v2(address, binary):
    customers = InferInput("customer_id", [2], "BYTES")
    customers.set_data_from_numpy(np.array(["ann", "bob"], dtype=object), binary_data=binary)
    k = InferInput("k", [1], "INT32")
    k.set_data_from_numpy(np.array([2], dtype=np.int32), binary_data=binary)
    parameters = {"binary_data_output": binary}
    request = InferRequest("recommender", [customers, k], request_id="r1", parameters=parameters)

    async def ask():
        kserve = client("v2")
        return (
            await kserve.is_server_live(address),
            await kserve.is_server_ready(address),
            await kserve.is_model_ready(address, "recommender"),
            await kserve.infer(address, request, model_name="recommender"),
        )

    live, ready, model_ready, answer = asyncio.run(ask())

    assert (live, ready, model_ready) == (True, True, True)
    assert answer.id == "r1"
    assert answer.get_output_by_name("product_id").as_numpy().tolist() == [["serum", "toner"], ["cream", "serum"]]
    assert answer.get_output_by_name("score").as_numpy().shape == (2, 2)
    assert answer.parameters["fallback"] == ",unknown_customer"


def test_a_refusal_says_why(address):
    with pytest.raises(httpx.HTTPStatusError, match=r"instances\.0\.k"):
        asyncio.run(client("v1").infer(address, {"instances": [{"k": 1000}]}, model_name="recommender"))


@pytest.mark.parametrize("binary", [False, True])
def test_both_protocols_tell_unrecognised_words(address, binary):
    profile = {"avoided_ingredients": ["nuts", "lanolnn"]}
    customers = InferInput("customer_id", [2], "BYTES")
    customers.set_data_from_numpy(np.array(["", ""], dtype=object), binary_data=binary)
    profiles = InferInput("profile", [2], "BYTES")
    profiles.set_data_from_numpy(np.array(["", json.dumps(profile)], dtype=object), binary_data=binary)
    request = InferRequest("recommender", [customers, profiles], parameters={"binary_data_output": binary})

    async def ask():
        first = await client("v1").infer(address, {"instances": [{}, {"profile": profile}]}, model_name="recommender")
        return first, await client("v2").infer(address, request, model_name="recommender")

    v1, v2 = asyncio.run(ask())

    expected = [[], [{"text": "lanolnn", "suggestions": ["lanolin"], "applied": False}]]
    assert [prediction["unrecognised"] for prediction in v1["predictions"]] == expected
    assert json.loads(v2.parameters["unrecognised"]) == expected
