"""Each thing that the smoke test must not let pass."""

import json
from itertools import repeat
from types import SimpleNamespace

import httpx
import pytest

from infrastructure.errors import BundleError
from recommender.contract.query import Query
from serving.packaging import smoke
from serving.packaging.smoke import check_service

KNOWN = [Query("ann", k=2)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(smoke, "STORE_WAIT_SECONDS", 0)
    monkeypatch.setattr(smoke, "RETRY_SECONDS", 0)


def engine(broken=(), items=("a", "b")):
    return SimpleNamespace(
        version="v1",
        rules=SimpleNamespace(check=lambda _, ids: [i for i in ids if i in broken]),
        recommend=lambda queries, reasons: [SimpleNamespace(items=items) for _ in queries],  # noqa: ARG005
    )


def service(*, version="v1", first=("a", "b"), second=("a", "b"), fallback="", status=200):
    """A client of a service that answers as told; several fallbacks are those of one answer after the other."""
    of_ann = repeat(fallback) if isinstance(fallback, str) else fallback

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"versions": [version]})
        if status != 200:
            return httpx.Response(status, json={"error": "no"})
        if request.url.path.endswith(":predict"):
            asked = json.loads(request.content)["instances"][0]["customer_id"]
            said = next(of_ann) if asked == "ann" else "unknown_customer"
            items = [{"product_id": product} for product in first]
            return httpx.Response(200, json={"predictions": [{"items": items, "fallback": said}]})
        outputs = [{"name": "score", "data": [1.0, 0.5]}, {"name": "product_id", "data": [*second, ""]}]
        return httpx.Response(200, json={"outputs": outputs})

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://bento")


def test_a_good_service_passes_and_the_products_are_counted():
    assert check_service(service(), engine(), KNOWN) == 4


def test_a_store_that_is_slow_at_first_is_asked_again(monkeypatch):
    monkeypatch.setattr(smoke, "STORE_WAIT_SECONDS", 60)
    said = iter(["store_unavailable", "store_unavailable", ""])

    assert check_service(service(fallback=said), engine(), KNOWN) == 4

    assert next(said, None) is None


def test_an_empty_response_passes_where_the_rules_leave_nothing():
    assert check_service(service(first=(), second=()), engine(items=()), KNOWN) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"version": "v0"}, "another model"),
        ({"fallback": "store_unavailable"}, "does not know"),
        ({"fallback": "unknown_customer"}, "does not know"),
        ({"first": (), "second": ()}, "with nothing"),
        ({"second": ("b", "a")}, "same products"),
        ({"status": 500}, "refused"),
    ],
)
def test_what_is_wrong_is_reported(wrong, said):
    with pytest.raises(BundleError, match=said):
        check_service(service(**wrong), engine(), KNOWN)


def test_a_response_that_breaks_a_rule_is_reported_with_its_customer():
    with pytest.raises(BundleError, match="breaks a rule") as error:
        check_service(service(), engine(broken={"b"}), KNOWN)
    assert error.value.where == "ann"
