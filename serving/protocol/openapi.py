"""The OpenAPI document of the routes, made from the same messages that requests are parsed into.

Specification: https://spec.openapis.org/oas/v3.1.0
"""

from functools import cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import models_json_schema

from recommender.contract.query import Item, UnrecognisedWords
from serving.answering.messages import RequestId
from serving.protocol import openapi_examples as examples
from serving.protocol.http import REQUEST_ID
from serving.protocol.v1 import PredictRequest
from serving.protocol.v2 import HEADER_LENGTH, InferRequest

PATH: Final = "/openapi.json"

_JSON, _BINARY = "application/json", "application/octet-stream"


class Prediction(BaseModel):
    """The answer to one instance.

    ``fallback`` says what it had to do without, ``unrecognised`` what of the avoided ingredients nothing knows.
    """

    items: list[Item]
    request_id: str
    model_version: str
    variant: str
    fallback: str
    unrecognised: list[UnrecognisedWords]


class PredictResponse(BaseModel):
    """One prediction an instance, in order."""

    predictions: list[Prediction]


class OutputTensor(BaseModel):
    """One output; with ``parameters.binary_data_size`` in place of ``data`` where its bytes follow the JSON part."""

    name: str
    datatype: str
    shape: list[int]
    data: list[Any] | None = None
    parameters: dict[str, Any] | None = None


class InferResponse(BaseModel):
    """The outputs, short rows padded.

    ``parameters.fallback`` has one value a row, parted by commas; ``parameters.unrecognised`` is JSON text with what V1
    calls so, one list a row.
    """

    id: str
    model_name: str
    model_version: str
    parameters: dict[str, str]
    outputs: list[OutputTensor]


class Problem(BaseModel):
    """What is wrong, in one sentence: field, value and what would be right."""

    error: Annotated[str, Field(min_length=1)]


_REFUSALS: Final = {
    "400": "A field is wrong",
    "401": "Tokens are asked for, and this is none",
    "413": "The body is too large",
    "503": "Not ready, or too busy",
}
_MODELS: Final = (PredictRequest, PredictResponse, InferRequest, InferResponse, Problem)


@cache
def openapi_document(model: str) -> dict[str, Any]:
    """The document for a server whose model has this name."""
    _, schemas = models_json_schema(
        [(kind, "validation") for kind in _MODELS], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Beauty recommender",
            "version": "1",
            "description": "Open Inference Protocol V1 and V2 (REST, with the binary tensor extension).",
        },
        "paths": _inference_paths(model) | _metadata_paths(model),
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Where it is asked for"}},
        },
        "security": [{}, {"token": []}],
    }


def _inference_paths(model: str) -> dict[str, Any]:
    """The two routes that recommend."""
    infer = _operation("Recommend, by protocol V2", "InferRequest", "InferResponse", examples.INFER)
    infer["parameters"] = [*infer["parameters"], _HEADER_LENGTH]
    infer["requestBody"]["content"][_BINARY] = {"schema": {"type": "string", "format": "binary"}}
    infer["responses"]["200"]["content"][_BINARY] = {"schema": {"type": "string", "format": "binary"}}
    predict = _operation("Recommend, by protocol V1", "PredictRequest", "PredictResponse", examples.PREDICT)
    return {f"/v2/models/{model}/infer": {"post": infer}, f"/v1/models/{model}:predict": {"post": predict}}


def _operation(summary: str, request: str, response: str, shown: dict[str, Any]) -> dict[str, Any]:
    named = {name: {"value": value} for name, value in shown.items()}
    return {
        "summary": summary,
        "parameters": [_REQUEST_ID],
        "requestBody": {"required": True, "content": {_JSON: {"schema": _ref(request), "examples": named}}},
        "responses": {
            "200": {"description": "Recommendations", "content": {_JSON: {"schema": _ref(response)}}},
            **{
                code: {"description": why, "content": {_JSON: {"schema": _ref("Problem")}}}
                for code, why in _REFUSALS.items()
            },
        },
    }


def _metadata_paths(model: str) -> dict[str, Any]:
    """The routes that only report something."""
    not_ready = {"503": {"description": "Not ready", "content": {_JSON: {"schema": {"type": "object"}}}}}
    summaries = {
        "/": ("V1: whether the process runs", {}),
        "/v1/models": ("V1: the names of the models", {}),
        f"/v1/models/{model}": ("V1: whether the model can answer", not_ready),
        "/v2": ("V2: the server", {}),
        "/v2/health/live": ("V2: whether the process runs", {}),
        "/v2/health/ready": ("V2: whether requests can be answered", not_ready),
        f"/v2/models/{model}": ("V2: the model's inputs and outputs", {}),
        f"/v2/models/{model}/ready": ("V2: whether the model can answer", not_ready),
        PATH: ("This document", {}),
    }
    paths = {
        path: _get_operation(summary, _JSON, {"type": "object"}, more) for path, (summary, more) in summaries.items()
    }
    return paths | {"/metrics": _get_operation("Prometheus' metrics", "text/plain", {"type": "string"}, {})}


def _get_operation(summary: str, media: str, schema: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    response = {"description": summary, "content": {media: {"schema": schema}}}
    return {"get": {"summary": summary, "responses": {"200": response, **more}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_REQUEST_ID: Final = {
    "name": REQUEST_ID,
    "in": "header",
    "required": False,
    "description": "The caller's id of the request; comes back in the answer",
    "schema": TypeAdapter(RequestId).json_schema(),
}
_HEADER_LENGTH: Final = {
    "name": HEADER_LENGTH,
    "in": "header",
    "required": False,
    "description": "Length of the JSON part, where the bytes of tensors follow it",
    "schema": {"type": "integer", "minimum": 0},
}
