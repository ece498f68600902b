"""The bytes in which Feast 0.67 keeps keys and values in its online stores, read without Feast.

Importing Feast takes seconds and a gigabyte of dependencies; a request needs two lookups. The key is Feast's
entity key serialization version 3; the value is a protocol buffer message ``feast.types.Value``, of which the
types that our feature views use are read (https://protobuf.dev/programming-guides/encoding/).
"""

import struct
from collections.abc import Callable, Iterator
from typing import Final

PROJECT: Final = "beauty"
"""As in ``feature_repo/feature_store.yaml``; every online store keeps it beside its keys."""

FeatureValue = str | int | float | bool | list[str] | list[int] | None

_STRING_TYPE = 2  # feast.types.ValueType.Enum.STRING
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5  # wire types
_LONGEST_VARINT = 10


def entity_key(join_key: str, value: str) -> bytes:
    """The key under which the row of one string entity stands."""
    name, content = join_key.encode(), value.encode()
    return b"".join(
        [
            struct.pack("<III", 1, _STRING_TYPE, len(name)),
            name,
            struct.pack("<II", _STRING_TYPE, len(content)),
            content,
        ]
    )


def decode_value(data: bytes) -> FeatureValue:
    """The value in a serialized ``feast.types.Value``; empty and null values are None.

    Raises:
        ValueError: The bytes are not such a message, or hold a type that no feature view of ours has.
    """
    result: FeatureValue = None
    for number, wire, content in _fields(data):
        decoder = _DECODERS.get((number, wire))
        if decoder is None:
            raise ValueError(f"field {number} of wire type {wire} is no value of our feature views")
        result = decoder(content)
    return result


def _fields(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, wire type and raw content of each field of a message; a varint's content is its own bytes."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        end, at = _extent(data, at, wire)
        if end > len(data):
            raise ValueError("the message ends within a field")
        yield number, wire, data[at:end]
        at = end


def _extent(data: bytes, at: int, wire: int) -> tuple[int, int]:
    """Where the content of a field ends and starts."""
    if wire == _VARINT:
        return _varint(data, at)[1], at
    if wire == _LENGTH:
        length, start = _varint(data, at)
        return start + length, start
    if wire in (_FIXED64, _FIXED32):
        return at + (8 if wire == _FIXED64 else 4), at
    raise ValueError(f"wire type {wire} is unknown")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The unsigned number at ``at`` and where it ends."""
    result = 0
    for index, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        result |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return result, at + index + 1
    raise ValueError("a number does not end")


def _integer(content: bytes) -> int:
    return _signed(_varint(content, 0)[0])


def _signed(number: int) -> int:
    """Two's complement of 64 bits."""
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def _strings(content: bytes) -> list[str]:
    return [item.decode() for _, _, item in _fields(content)]


def _integers(content: bytes) -> list[int]:
    """Repeated numbers, packed into one field or each in its own."""
    return [number for _, wire, item in _fields(content) for number in _numbers(item, wire)]


def _numbers(item: bytes, wire: int) -> Iterator[int]:
    if wire == _VARINT:
        yield _integer(item)
        return
    at = 0
    while at < len(item):
        number, at = _varint(item, at)
        yield _signed(number)


def _double(content: bytes) -> float:
    return struct.unpack("<d", content)[0]


def _float(content: bytes) -> float:
    return struct.unpack("<f", content)[0]


# Field number in feast.types.Value and wire type -> how its content is read.
_DECODERS: dict[tuple[int, int], Callable[[bytes], FeatureValue]] = {
    (2, _LENGTH): bytes.decode,  # string_val
    (3, _VARINT): _integer,  # int32_val
    (4, _VARINT): _integer,  # int64_val
    (5, _FIXED64): _double,  # double_val
    (6, _FIXED32): _float,  # float_val
    (7, _VARINT): lambda content: bool(_integer(content)),  # bool_val
    (8, _VARINT): _integer,  # unix_timestamp_val
    (12, _LENGTH): _strings,  # string_list_val
    (13, _LENGTH): _integers,  # int32_list_val
    (14, _LENGTH): _integers,  # int64_list_val
    (18, _LENGTH): _integers,  # unix_timestamp_list_val
    (19, _VARINT): lambda _: None,  # null_val
}
