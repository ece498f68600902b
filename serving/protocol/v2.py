"""Open Inference Protocol V2: tensors in, tensors out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import ConfigDict, Field

from infrastructure.errors import RequestError
from serving.answering.handler import BatchResponse, RecommendationResponse
from serving.answering.messages import Instance, Message, ProfileMessage, RequestId, parse_message, validate_message
from serving.answering.requests import RecommendationRequest
from serving.protocol.tensors import BYTES, FP32, INT32, INT64, Tensor, Value, from_binary, from_json, response_body

CUSTOMER_ID, K, PROFILE = "customer_id", "k", "profile"
PRODUCT_ID, SCORE, REASONS = "product_id", "score", "reasons"
HEADER_LENGTH: Final = "inference-header-content-length"

INPUTS: Final = (
    {"name": CUSTOMER_ID, "datatype": BYTES, "shape": [-1]},
    {"name": K, "datatype": INT32, "shape": [1]},
    {"name": PROFILE, "datatype": BYTES, "shape": [-1]},
)
OUTPUTS: Final = (
    {"name": PRODUCT_ID, "datatype": BYTES, "shape": [-1, -1]},
    {"name": SCORE, "datatype": FP32, "shape": [-1, -1]},
    {"name": REASONS, "datatype": BYTES, "shape": [-1, -1]},
)
_DATATYPES: Final = {CUSTOMER_ID: (BYTES,), K: (INT32, INT64), PROFILE: (BYTES,)}


class Envelope(Message):
    """A part of the protocol itself, to which servers may add: keys that are not ours are passed over."""

    model_config = ConfigDict(extra="ignore")


class TensorParameters(Envelope):
    """Parameters of an input."""

    binary_data_size: Annotated[int, Field(ge=0)] | None = None


class InputMessage(Envelope):
    """One input tensor; without ``data`` its bytes follow the JSON part of the body."""

    name: Literal["customer_id", "k", "profile"]
    shape: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, max_length=2)]
    datatype: Literal["BYTES", "INT32", "INT64"]
    data: list[Any] | None = None
    parameters: TensorParameters | None = None


class OutputParameters(Envelope):
    """Parameters of a requested output."""

    binary_data: bool | None = None


class OutputMessage(Envelope):
    """One output that the client asks for."""

    name: Literal["product_id", "score", "reasons"]
    parameters: OutputParameters | None = None


class RequestParameters(Envelope):
    """Parameters of a request."""

    binary_data_output: bool | None = None


class InferRequest(Envelope):
    """The JSON part of the body of ``POST /v2/models/{name}/infer``."""

    id: RequestId | None = None
    inputs: Annotated[tuple[InputMessage, ...], Field(min_length=1, max_length=3)]
    outputs: Annotated[tuple[OutputMessage, ...], Field(max_length=3)] | None = None
    parameters: RequestParameters | None = None


@dataclass(frozen=True, slots=True)
class DecodedRequest:
    """A decoded body: what is requested, and in which form the response is wanted.

    Attributes:
        k: Columns of the outputs.
        outputs: Names of the wanted outputs, each with whether its data goes as bytes.
    """

    requests: list[RecommendationRequest]
    k: int
    request_id: str | None
    outputs: dict[str, bool]


def decode(body: bytes, header_length: int | None, default_k: int) -> DecodedRequest:
    """The request in a body, whose JSON part has ``header_length`` bytes where other bytes follow it.

    Raises:
        RequestError: It is no such request.
    """
    request = parse_message(InferRequest, body[:header_length])
    tensors = _tensors(request.inputs, body[header_length:] if header_length is not None else b"")
    requests = _requests(tensors, default_k)
    return DecodedRequest(requests, requests[0].k, request.id, _outputs(request))


def encode(batch: BatchResponse, request: DecodedRequest) -> tuple[bytes, int | None]:
    """The response's body, and the length of its JSON part where bytes follow it.

    The parameter ``fallback`` has one value a row, separated by commas; so have ``variant`` and ``model_version`` where
    two models answered, and one value where one did. ``unrecognised`` is JSON text, for V2 parameters are no lists:
    one list a row.
    """
    version = _row_values([response.model_version for response in batch.responses])
    head = {
        "id": batch.request_id,
        "model_name": "recommender",
        "model_version": version,
        "parameters": {
            "model_version": version,
            "variant": _row_values([response.variant for response in batch.responses]),
            "request_id": batch.request_id,
            "fallback": ",".join(response.fallback for response in batch.responses),
            "unrecognised": orjson.dumps([response.unrecognised for response in batch.responses]).decode(),
        },
    }
    tensors = [_OUTPUTS[name](batch.responses, request.k) for name in request.outputs]
    return response_body(head, tensors, list(request.outputs.values()))


def _row_values(values: list[str]) -> str:
    """The one value of all rows, else each row's."""
    return values[0] if len(set(values)) == 1 else ",".join(values)


def _tensors(inputs: Iterable[InputMessage], tail: bytes) -> dict[str, Tensor]:
    """The inputs by name; those without data take theirs from ``tail``, in order."""
    tensors: dict[str, Tensor] = {}
    for message in inputs:
        if message.name in tensors:
            raise RequestError("An input stands twice in the request.", field="inputs", value=message.name)
        if message.datatype not in _DATATYPES[message.name]:
            expected = " or ".join(_DATATYPES[message.name])
            raise RequestError(
                "An input has the wrong datatype.",
                field=f"{message.name}.datatype",
                value=message.datatype,
                expected=expected,
            )
        tensors[message.name], tail = _tensor(message, tail)
    if tail:
        raise RequestError("More bytes follow the JSON part than the inputs take.", field="body", value=len(tail))
    return tensors


def _tensor(message: InputMessage, tail: bytes) -> tuple[Tensor, bytes]:
    """The tensor, and what its data leaves of ``tail``."""
    if message.data is not None:
        return from_json(message.name, message.datatype, message.shape, message.data), tail
    size = message.parameters and message.parameters.binary_data_size
    if size is None or size > len(tail):
        raise RequestError(
            "An input has no data.",
            field=f"{message.name}.data",
            expected=f"data, or parameters.binary_data_size of at most {len(tail)} and so many bytes after the JSON",
        )
    return from_binary(message.name, message.datatype, message.shape, tail[:size]), tail[size:]


def _requests(tensors: dict[str, Tensor], default_k: int) -> list[RecommendationRequest]:
    customers = tensors.get(CUSTOMER_ID)
    if customers is None or not customers.values:
        raise RequestError("No customer is asked for.", field=CUSTOMER_ID, expected="a BYTES tensor of shape [n]")
    profiles = tensors[PROFILE].values if PROFILE in tensors else [""] * len(customers.values)
    if len(profiles) != len(customers.values):
        raise RequestError(
            "There must be one profile a customer.",
            field=f"{PROFILE}.shape",
            value=len(profiles),
            expected=str(len(customers.values)),
        )
    k = _k(tensors.get(K), default_k)
    rows = zip(customers.values, profiles, strict=True)
    return [
        RecommendationRequest.from_message(_instance(row, str(id_), k, str(text)), k)
        for row, (id_, text) in enumerate(rows)
    ]


def _k(tensor: Tensor | None, default_k: int) -> int:
    if tensor is None:
        return default_k
    if len(tensor.values) != 1:
        raise RequestError("There must be one k.", field="k.shape", value=list(tensor.shape), expected="[1]")
    return int(tensor.values[0])


def _instance(row: int, customer_id: str, k: int, profile: str) -> Instance:
    message = parse_message(ProfileMessage, profile, within=f"{PROFILE}[{row}]") if profile else None
    return validate_message(Instance, {"customer_id": customer_id, "k": k, "profile": message}, within=f"row {row}")


def _outputs(request: InferRequest) -> dict[str, bool]:
    """The wanted outputs, each with whether its data goes as bytes: as it says itself, else as the request does."""
    default = bool(request.parameters and request.parameters.binary_data_output)
    if not request.outputs:
        return dict.fromkeys(_OUTPUTS, default)
    return {
        output.name: default
        if output.parameters is None or output.parameters.binary_data is None
        else output.parameters.binary_data
        for output in request.outputs
    }


def _product_ids(responses: tuple[RecommendationResponse, ...], k: int) -> Tensor:
    rows = ([item.product_id for item in response.items] for response in responses)
    return _padded(PRODUCT_ID, BYTES, rows, k, "")


def _scores(responses: tuple[RecommendationResponse, ...], k: int) -> Tensor:
    return _padded(SCORE, FP32, ([item.score for item in response.items] for response in responses), k, 0.0)


def _reasons(responses: tuple[RecommendationResponse, ...], k: int) -> Tensor:
    rows = ([orjson.dumps(item.reasons).decode() for item in response.items] for response in responses)
    return _padded(REASONS, BYTES, rows, k, "")


def _padded(name: str, datatype: str, rows: Iterable[list[Any]], k: int, padding: Value) -> Tensor:
    """Rows as a tensor [n, k], short ones padded at their end."""
    padded = [row + [padding] * (k - len(row)) for row in rows]
    return Tensor(name, datatype, (len(padded), k), [value for row in padded for value in row])


_OUTPUTS: Final = {PRODUCT_ID: _product_ids, SCORE: _scores, REASONS: _reasons}
