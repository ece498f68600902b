"""The bytes in which Feast 0.67 keeps keys and values in its online stores, read without Feast.

Importing Feast takes seconds and a gigabyte of dependencies; a request needs two lookups. The key is Feast's
entity key serialization version 3; the value is a protocol buffer message ``feast.types.Value``, of which the
types that our feature views use are declared here, with Feast's field numbers.
"""

import struct
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

PROJECT: Final = "beauty"
"""As in ``feature_repo/feature_store.yaml``; every online store keeps it beside its keys."""

FeatureValue = str | int | float | bool | list[str] | list[int] | None

_STRING_TYPE = 2  # feast.types.ValueType.Enum.STRING
_Type = descriptor_pb2.FieldDescriptorProto
_SCALARS: Final = {
    "string_val": (2, _Type.TYPE_STRING),
    "int32_val": (3, _Type.TYPE_INT32),
    "int64_val": (4, _Type.TYPE_INT64),
    "double_val": (5, _Type.TYPE_DOUBLE),
    "float_val": (6, _Type.TYPE_FLOAT),
    "bool_val": (7, _Type.TYPE_BOOL),
    "unix_timestamp_val": (8, _Type.TYPE_INT64),
    "null_val": (19, _Type.TYPE_INT32),  # an enumeration of one
}
_LISTS: Final = {
    "string_list_val": (12, _Type.TYPE_STRING),
    "int32_list_val": (13, _Type.TYPE_INT32),
    "int64_list_val": (14, _Type.TYPE_INT64),
    "unix_timestamp_list_val": (18, _Type.TYPE_INT64),
}


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
    try:
        message = _VALUE.FromString(data)
    except DecodeError as error:
        raise ValueError(str(error)) from None
    _check_known(message)
    field = message.WhichOneof("val")
    if field is None or field == "null_val":
        return None
    value = getattr(message, field)
    if field not in _LISTS:
        return value
    _check_known(value)
    return [*value.val]


def _check_known(message: Any) -> None:
    """Check that nothing was ignored: what is avoided must not be read as nothing.

    Raises:
        ValueError: A field is not one of those declared here.
    """
    for field in UnknownFieldSet(message):
        number, wire = field.field_number, field.wire_type
        raise ValueError(f"field {number} of wire type {wire} is no value of our feature views")


def _value_class() -> Any:
    """The class of ``feast.types.Value``."""
    file = descriptor_pb2.FileDescriptorProto(name="value.proto", package="beauty", syntax="proto3")
    value = file.message_type.add(name="Value")
    value.oneof_decl.add(name="val")
    one_of = {"label": _Type.LABEL_OPTIONAL, "oneof_index": 0}
    for name, (number, kind) in _SCALARS.items():
        value.field.add(name=name, number=number, type=kind, **one_of)
    for name, (number, kind) in _LISTS.items():
        items = file.message_type.add(name=f"of_{name}")
        items.field.add(name="val", number=1, type=kind, label=_Type.LABEL_REPEATED)
        value.field.add(name=name, number=number, type=_Type.TYPE_MESSAGE, type_name=f".beauty.{items.name}", **one_of)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("beauty.Value"))


_VALUE: Final = _value_class()
