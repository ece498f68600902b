"""Where an API's entries are and how its pages follow each other."""

import httpx
import pytest

from infrastructure.errors import DataError
from recommender.onboarding.looking import apis

ADDRESS = "https://shop.example/v1/orders"
ENTRIES = [{"id": 1, "customer": {"id": 7}}, {"id": 2, "customer": {"id": 8}}]


def answering(monkeypatch, body, status=200):
    request = httpx.Request("GET", ADDRESS)
    monkeypatch.setattr(httpx, "get", lambda *_, **__: httpx.Response(status, json=body, request=request))


@pytest.mark.parametrize(
    ("address", "body", "api"),
    [
        (ADDRESS, ENTRIES, {"url": ADDRESS}),
        (ADDRESS, {"data": {"orders": ENTRIES}}, {"url": ADDRESS, "records": "data.orders"}),
        (
            ADDRESS,
            {"items": ENTRIES, "links": {"next": f"{ADDRESS}?after=2"}},
            {"url": ADDRESS, "records": "items", "next": "links.next"},
        ),
        (f"{ADDRESS}?page=1&limit=50", ENTRIES, {"url": ADDRESS, "page": "page", "parameters": {"limit": "50"}}),
    ],
)
def test_entries_and_pages_are_found(monkeypatch, address, body, api):
    answering(monkeypatch, body)

    found = apis.api_table(address)

    assert found.reading == {"api": api}
    assert found.columns == ["id", "customer.id"]
    assert found.words == "orders"


@pytest.mark.parametrize(("body", "status"), [({"error": "who are you?"}, 401), ({"count": 0}, 200), ([], 200)])
def test_what_has_no_entries_is_refused(monkeypatch, body, status):
    answering(monkeypatch, body, status)
    with pytest.raises(DataError) as error:
        apis.api_table(ADDRESS)
    assert error.value.where == ADDRESS
