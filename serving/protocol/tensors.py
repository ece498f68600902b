"""Tensors of the Open Inference Protocol V2, as JSON or in the binary tensor extension.

Specification: https://github.com/kserve/open-inference-protocol and, for the extension,
https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
"""

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from infrastructure.errors import RequestError

Value = str | int | float

BYTES, INT32, INT64, FP32 = "BYTES", "INT32", "INT64", "FP32"

_NUMBERS = {INT32: np.dtype("<i4"), INT64: np.dtype("<i8"), FP32: np.dtype("<f4")}
_DEPTH = 2  # the deepest nesting of data that any of our tensors has


@dataclass(frozen=True, slots=True)
class Tensor:
    """A named array in row-major order."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    values: Sequence[Value]

    def json(self) -> dict[str, Any]:
        """The tensor with its data as JSON."""
        return {**self._head(), "data": self.values}

    def binary(self) -> tuple[dict[str, Any], bytes]:
        """The tensor without its data, and the data as bytes."""
        data = _packed(self.datatype, self.values)
        return {**self._head(), "parameters": {"binary_data_size": len(data)}}, data

    def _head(self) -> dict[str, Any]:
        return {"name": self.name, "datatype": self.datatype, "shape": self.shape}


def from_json(name: str, datatype: str, shape: tuple[int, ...], data: list[Any]) -> Tensor:
    """A tensor whose data came as JSON, flat or nested.

    Raises:
        RequestError: The data does not fit datatype or shape.
    """
    values = list(_flat(data, name))
    wanted = str if datatype == BYTES else int
    for value in values:
        # bool is an int to Python, not to the protocol.
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise _refusal(name, "data", f"{datatype} values only", type(value).__name__)
    return _checked(Tensor(name, datatype, shape, values))


def from_binary(name: str, datatype: str, shape: tuple[int, ...], data: bytes) -> Tensor:
    """A tensor whose data came as bytes.

    Raises:
        RequestError: The data does not fit datatype or shape.
    """
    values = list(_texts(data, name)) if datatype == BYTES else _numbers(data, datatype, name)
    return _checked(Tensor(name, datatype, shape, values))


def _checked(tensor: Tensor) -> Tensor:
    count = math.prod(tensor.shape)
    if count != len(tensor.values):
        raise _refusal(tensor.name, "shape", f"{len(tensor.values)} values, as in its data", list(tensor.shape))
    return tensor


def _flat(data: list[Any], name: str, depth: int = _DEPTH) -> Iterator[Any]:
    for item in data:
        if not isinstance(item, list):
            yield item
        elif depth > 1:
            yield from _flat(item, name, depth - 1)
        else:
            raise _refusal(name, "data", f"at most {_DEPTH} levels of lists", None)


def _texts(data: bytes, name: str) -> Iterator[str]:
    """Strings, each behind its length in four bytes."""
    at = 0
    while at < len(data):
        if at + 4 > len(data) or at + 4 + (size := struct.unpack_from("<I", data, at)[0]) > len(data):
            raise _refusal(name, "data", "each string behind its length in four bytes", None)
        try:
            yield data[at + 4 : at + 4 + size].decode()
        except UnicodeDecodeError:
            raise _refusal(name, "data", "strings in UTF-8", None) from None
        at += 4 + size


def _numbers(data: bytes, datatype: str, name: str) -> list[Value]:
    kind = _NUMBERS[datatype]
    if len(data) % kind.itemsize:
        raise _refusal(name, "binary_data_size", f"a multiple of {kind.itemsize}", len(data))
    return np.frombuffer(data, kind).tolist()


def _packed(datatype: str, values: Sequence[Value]) -> bytes:
    if datatype != BYTES:
        return np.asarray(values, _NUMBERS[datatype]).tobytes()
    encoded = [str(value).encode() for value in values]
    return b"".join(part for text in encoded for part in (struct.pack("<I", len(text)), text))


def response_body(head: dict[str, Any], tensors: Sequence[Tensor], binary: Sequence[bool]) -> tuple[bytes, int | None]:
    """A response's body of ``head`` and outputs, each as bytes or as JSON, and the JSON part's length before bytes."""
    outputs: list[dict[str, Any]] = []
    tails: list[bytes] = []
    for tensor, as_bytes in zip(tensors, binary, strict=True):
        if as_bytes:
            output, tail = tensor.binary()
            tails.append(tail)
        else:
            output = tensor.json()
        outputs.append(output)
    text = orjson.dumps({**head, "outputs": outputs})
    return (b"".join([text, *tails]), len(text)) if tails else (text, None)


def _refusal(name: str, field: str, expected: str, value: Any) -> RequestError:
    return RequestError(f"The input '{name}' is malformed.", field=f"{name}.{field}", value=value, expected=expected)
