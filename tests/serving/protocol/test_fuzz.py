"""Whatever a client sends, it gets an answer or a refusal; never a 500."""

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

INFER, PREDICT = "/v2/models/recommender/infer", "/v1/models/recommender:predict"
FEW = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.sampled_from(
    ["customer_id", "k", "profile", "recent", "age", "BYTES", "INT32", "INT64", "product_id", "dry", "", "\x00", "é"]
)
scalars = st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats() | words | st.text(max_size=5)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=12
)
profiles = st.dictionaries(
    st.sampled_from(["age", "region", "skin_type", "concerns", "avoided_ingredients", "recent", "min_price", "x"]),
    st.integers(-5, 200) | words | st.lists(words, max_size=3) | st.floats(),
    max_size=3,
)
instances = st.fixed_dictionaries({}, optional={"customer_id": words | scalars, "k": scalars, "profile": profiles})
tensors = st.fixed_dictionaries(
    {"name": words, "datatype": words, "shape": st.lists(st.integers(-1, 4), max_size=3)},
    optional={"data": st.lists(anything, max_size=4), "parameters": st.dictionaries(words, scalars, max_size=2)},
)


def encoded(value):
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str) if _fits(value) else repr(value).encode()


def _fits(value):
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


def check(answer):
    assert answer.status_code in (200, 400, 413)
    assert isinstance(answer.json(), dict) if answer.headers["content-type"] == "application/json" else True


@FEW
@given(body=anything | st.fixed_dictionaries({"instances": st.lists(instances, max_size=3)}))
def test_v1(shop, body):
    check(shop.client.post(PREDICT, content=encoded(body)))


@FEW
@given(
    body=anything | st.fixed_dictionaries({"inputs": st.lists(tensors, max_size=3)}, optional={"outputs": anything}),
    tail=st.binary(max_size=40),
    cut=st.integers(-2, 2),
)
def test_v2(shop, body, tail, cut):
    head = encoded(body)
    headers = {"inference-header-content-length": str(len(head) + cut)} if cut or tail else {}
    check(shop.client.post(INFER, content=head + tail, headers=headers))


@FEW
@given(tail=st.binary(max_size=60), size=st.integers(0, 60))
def test_v2_binary_tail(shop, tail, size):
    tensor = {"name": "customer_id", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": size}}
    head = orjson.dumps({"inputs": [tensor]})
    check(shop.client.post(INFER, content=head + tail, headers={"inference-header-content-length": str(len(head))}))


@FEW
@given(body=st.binary(max_size=100))
def test_bytes(shop, body):
    check(shop.client.post(PREDICT, content=body))
    check(shop.client.post(INFER, content=body))
