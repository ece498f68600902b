import contextlib

import pytest
from feast.infra.key_encoding_utils import serialize_entity_key
from feast.protos.feast.types import Value_pb2 as feast_types
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from hypothesis import given
from hypothesis import strategies as st

from serving.customers.feast_layout import decode_value, entity_key

INT64 = st.integers(-(2**63), 2**63 - 1)
INT32 = st.integers(-(2**31), 2**31 - 1)


@given(name=st.text(min_size=1, max_size=20), value=st.text(max_size=40))
def test_keys_are_those_that_feast_writes(name, value):
    key = EntityKey(join_keys=[name], entity_values=[feast_types.Value(string_val=value)])

    assert entity_key(name, value) == serialize_entity_key(key, entity_key_serialization_version=3)


@given(
    st.one_of(
        st.tuples(st.just("string_val"), st.text()),
        st.tuples(st.just("int32_val"), INT32),
        st.tuples(st.just("int64_val"), INT64),
        st.tuples(st.just("unix_timestamp_val"), INT64),
        st.tuples(st.just("double_val"), st.floats(allow_nan=False)),
        st.tuples(st.just("float_val"), st.floats(width=32, allow_nan=False)),
        st.tuples(st.just("bool_val"), st.booleans()),
    )
)
def test_scalars_are_read_as_feast_wrote_them(field):
    name, value = field

    assert decode_value(feast_types.Value(**{name: value}).SerializeToString()) == value


@given(
    st.one_of(
        st.tuples(st.just("string_list_val"), st.just("StringList"), st.lists(st.text())),
        st.tuples(st.just("int32_list_val"), st.just("Int32List"), st.lists(INT32)),
        st.tuples(st.just("int64_list_val"), st.just("Int64List"), st.lists(INT64)),
    )
)
def test_lists_are_read_as_feast_wrote_them(field):
    name, kind, values = field
    message = feast_types.Value(**{name: getattr(feast_types, kind)(val=values)})

    assert decode_value(message.SerializeToString()) == values


@pytest.mark.parametrize("message", [feast_types.Value(), feast_types.Value(null_val=0)])
def test_nothing_is_none(message):
    assert decode_value(message.SerializeToString()) is None


def test_numbers_that_are_not_packed_are_read_too():
    content = b"".join(bytes([1 << 3, number]) for number in (5, 6))

    assert decode_value(bytes([14 << 3 | 2, len(content)]) + content) == [5, 6]


def test_a_type_of_no_view_is_refused():
    with pytest.raises(ValueError, match="field 1 "):
        decode_value(feast_types.Value(bytes_val=b"x").SerializeToString())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes([2 << 3 | 2, 1]) + b"x" + bytes([1 << 3 | 2, 1]) + b"y", id="beside a value"),
        pytest.param(bytes([12 << 3 | 2, 3, 2 << 3 | 2, 1]) + b"x", id="in a list"),
        pytest.param(bytes([12 << 3 | 2, 2, 1 << 3, 7]), id="a number among texts"),
    ],
)
def test_unknown_fields_are_refused_and_never_ignored(data):
    with pytest.raises(ValueError, match="no value of our feature views"):
        decode_value(data)


@given(st.binary(max_size=40))
def test_other_bytes_are_a_value_error_or_a_value(data):
    with contextlib.suppress(ValueError):
        decode_value(data)
