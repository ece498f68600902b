import json

import numpy as np
import pytest
from kserve import InferInput, InferRequest, InferResponse
from kserve.protocol.infer_type import RequestedOutput

INFER = "/v2/models/recommender/infer"
HEADER = "inference-header-content-length"


def texts(name, *values, shape=None):
    return {"name": name, "datatype": "BYTES", "shape": shape or [len(values)], "data": list(values)}


def number(value, datatype="INT32", shape=(1,)):
    return {"name": "k", "datatype": datatype, "shape": list(shape), "data": [value]}


def outputs(answer):
    return {output["name"]: output for output in answer.json()["outputs"]}


def test_rows_are_padded_to_k(shop):
    profile = json.dumps({"exclude": ["cream", "serum", "toner"]})
    inputs = [texts("customer_id", "a", "b"), number(4), texts("profile", "", profile)]

    answer = shop.client.post(INFER, json={"id": "r1", "inputs": inputs})

    found = outputs(answer)
    assert list(found) == ["product_id", "score", "reasons"]
    assert all(output["shape"] == [2, 4] for output in found.values())
    assert found["product_id"]["data"] == ["cream", "serum", "toner", "mask", "mask", "balm", "", ""]
    assert found["score"]["data"][4:] == [1.0, 0.5, 0.0, 0.0]
    assert json.loads(found["reasons"]["data"][0]) == [{"kind": "popular", "text": "Liked by many.", "share": 1.0}]
    assert found["reasons"]["data"][-1] == ""
    assert answer.json()["id"] == "r1"
    assert answer.json()["parameters"] == {
        "model_version": shop.engine.version,
        "variant": "champion",
        "request_id": "r1",
        "fallback": "unknown_customer,unknown_customer",
        "unrecognised": "[[],[]]",
    }


def test_only_the_wanted_outputs_are_made(shop):
    wanted = [{"name": "product_id"}]

    answer = shop.client.post(INFER, json={"inputs": [texts("customer_id", "a")], "outputs": wanted})

    assert list(outputs(answer)) == ["product_id"]


def test_binary_tensors_both_ways_as_the_real_client_writes_and_reads_them(shop):
    customers = InferInput("customer_id", [2], "BYTES")
    customers.set_data_from_numpy(np.array(["ann", "bob"], dtype=object), binary_data=True)
    k = InferInput("k", [1], "INT32")
    k.set_data_from_numpy(np.array([3], dtype=np.int32), binary_data=True)
    wanted = [RequestedOutput("product_id", {"binary_data": True}), RequestedOutput("score", {"binary_data": False})]
    body, length = InferRequest("recommender", [customers, k], "r2", request_outputs=wanted).to_rest()

    answer = shop.client.post(INFER, content=body, headers={HEADER: str(length)})

    reply = InferResponse.from_bytes(answer.content, int(answer.headers[HEADER]))
    assert reply.outputs[0].as_numpy().tolist() == [["serum", "toner", "mask"], ["cream", "serum", "toner"]]
    assert reply.outputs[1].as_numpy().dtype == np.float32


def test_all_outputs_binary_by_one_parameter(shop):
    body = {"inputs": [texts("customer_id", "a"), number(2)], "parameters": {"binary_data_output": True}}

    answer = shop.client.post(INFER, json=body)

    assert answer.headers["content-type"] == "application/octet-stream"
    reply = InferResponse.from_bytes(answer.content, int(answer.headers[HEADER]))
    assert [output.shape for output in reply.outputs] == [[1, 2]] * 3
    assert reply.get_output_by_name("score").as_numpy().tolist() == [[1.0, 0.5]]


@pytest.mark.parametrize(
    ("inputs", "parts"),
    [
        ([], ["inputs", "at least 1"]),
        ([number(3)], ["customer_id", "BYTES tensor of shape [n]"]),
        ([texts("customer_id")], ["customer_id"]),
        ([texts("customer_id", "a", shape=[2])], ["customer_id.shape", "[2]", "1 values"]),
        ([texts("customer_id", "a"), texts("customer_id", "b")], ["inputs", "customer_id", "twice"]),
        ([texts("customer_id", 5)], ["customer_id.data", "int", "BYTES values only"]),
        ([texts("customer", "a")], ["inputs.0.name", "customer_id"]),
        ([texts("customer_id", "a"), number(101)], ["row 0.k", "101", "less than or equal to 100"]),
        ([texts("customer_id", "a"), number(5, "BYTES")], ["k.datatype", "BYTES", "INT32"]),
        ([texts("customer_id", "a"), number(5.5)], ["k.data", "float"]),
        ([texts("customer_id", "a"), number(True)], ["k.data", "bool"]),
        (
            [texts("customer_id", "a"), {**number(5), "shape": [2], "data": [5, 6]}],
            ["k.shape", "[1]"],
        ),
        ([texts("customer_id", "a"), texts("profile", "", "")], ["profile.shape", "Value: 2", "1"]),
        ([texts("customer_id", "a"), texts("profile", "{")], ["profile[0]", "JSON"]),
        (
            [texts("customer_id", "a", "b"), texts("profile", "", '{"skin_type": "wet"}')],
            ["profile[1].skin_type", "wet", "'dry'"],
        ),
        ([{**texts("customer_id", "a"), "data": None}], ["customer_id.data", "binary_data_size"]),
        ([{**texts("customer_id", "a"), "data": [[["a"]]]}], ["customer_id.data", "2 levels"]),
    ],
)
def test_a_wrong_request_is_refused_with_its_field_and_what_would_be_right(shop, inputs, parts):
    answer = shop.client.post(INFER, json={"inputs": inputs})

    assert answer.status_code == 400
    for part in parts:
        assert part in answer.json()["error"]


@pytest.mark.parametrize("length", ["-1", "x", "²", "99999999999"])
def test_a_malformed_header_length_is_refused(shop, length):
    answer = shop.client.post(INFER, json={"inputs": [texts("customer_id", "a")]}, headers={HEADER: length.encode()})

    assert answer.status_code == 400
    assert HEADER in answer.json()["error"]


def test_bytes_that_no_input_takes_are_refused(shop):
    head = json.dumps({"inputs": [texts("customer_id", "a")]}).encode()

    answer = shop.client.post(INFER, content=head + b"more", headers={HEADER: str(len(head))})

    assert answer.status_code == 400
    assert "Value: 4." in answer.json()["error"]


def test_metadata_describes_the_tensors(shop):
    metadata = shop.client.get("/v2/models/recommender").json()

    assert metadata["versions"] == [shop.engine.version]
    assert {tensor["name"]: tensor["datatype"] for tensor in metadata["inputs"] + metadata["outputs"]} == {
        "customer_id": "BYTES",
        "k": "INT32",
        "profile": "BYTES",
        "product_id": "BYTES",
        "score": "FP32",
        "reasons": "BYTES",
    }
