import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infrastructure.errors import ConfigError, DataError
from infrastructure.settings import checked
from recommender.data.sources.connectors.api import read_api
from recommender.data.sources.description.remote_settings import ApiSource
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.ingest import read_table
from recommender.data.sources.shaping.shape import Shaper


class Api:
    """A local server that answers what a test tells it to, and remembers what it was asked."""

    def __init__(self):
        self.answers, self.asked = {}, []
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                api.asked.append((self.path, self.headers.get("Authorization")))
                status, body, headers = api.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tell(self, path, *answers):
        """Answers of a path, one after the other, the last for ever; each a body, or (status, body, headers)."""
        self.answers[path] = [answer if isinstance(answer, tuple) else (200, answer, {}) for answer in answers]

    def answer(self, path):
        told = self.answers.get(path, [(404, b"no such page", {})])
        return told.pop(0) if len(told) > 1 else told[0]


@pytest.fixture
def api():
    server = Api()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def waits(monkeypatch):
    """How long it would have waited."""
    found = []
    monkeypatch.setattr("tenacity.nap.time.sleep", found.append)
    return found


def asked(api, **source):
    return read_api(ApiSource(url=f"{api.url}/sales", **source))


def test_a_list_is_a_table(api):
    api.tell("/sales", [{"id": 1, "who": "a"}, {"id": 2, "what": None}])
    frame = asked(api)
    assert frame["id"].tolist() == [1, 2]
    assert [*frame] == ["id", "who", "what"]


def test_entries_with_lists_and_objects_are_shaped_as_files_are(api, tmp_path):
    lines = [{"sku": "p1", "name": {"en": "Cream"}}, {"sku": "p2", "name": {"en": "Gel"}}]
    api.tell("/sales", [{"id": 1, "state": "paid", "lines": lines}, {"id": 2, "state": "void", "lines": lines}])
    table = {
        "api": {"url": f"{api.url}/sales"},
        "explode": {"column": "lines"},
        "where": {"state": "paid"},
        "columns": {"product_id": "lines.sku", "name": "lines.name.en"},
    }
    shaper = Shaper(checked(TableSource, table, where="test"), tmp_path)
    assert read_table("products", shaper, None).to_numpy().tolist() == [["p1", "Cream"], ["p2", "Gel"]]
    with pytest.raises(DataError, match="field: stat\n  expected: 'state', as it is written there"):
        read_table("products", Shaper(checked(TableSource, {**table, "where": {"stat": 1}}, where="x"), tmp_path), None)


def test_pages_by_a_path_in_the_answer(api):
    api.tell("/sales", {"data": {"items": [{"id": 1}]}, "paging": {"next": "/sales?after=1"}})
    api.tell("/sales?after=1", {"data": {"items": [{"id": 2}]}, "paging": {"next": None}})
    assert asked(api, records="data.items", next="paging.next")["id"].tolist() == [1, 2]


def test_pages_by_the_link_header(api):
    api.tell("/sales", (200, [{"id": 1}], {"Link": '</sales?page=2>; rel="next"'}))
    api.tell("/sales?page=2", [{"id": 2}])
    assert asked(api)["id"].tolist() == [1, 2]


def test_pages_by_number_end_with_an_empty_one(api):
    for page, entries in enumerate(([{"id": 1}], [{"id": 2}], []), 1):
        api.tell(f"/sales?size=1&page={page}", entries)
    assert asked(api, page="page", parameters={"size": "1"})["id"].tolist() == [1, 2]


def test_a_header_comes_from_the_environment_and_never_into_an_error(api, monkeypatch, waits):
    with pytest.raises(ConfigError) as told:
        asked(api, headers={"Authorization": "SHOP_TOKEN"})
    assert told.value.value == "SHOP_TOKEN"
    monkeypatch.setenv("SHOP_TOKEN", "Bearer s3cret")
    api.tell("/sales", [{"id": 1}], (401, b"who are you", {}))
    asked(api, headers={"Authorization": "SHOP_TOKEN"})
    assert api.asked[-1][1] == "Bearer s3cret"
    with pytest.raises(DataError) as told:
        asked(api, headers={"Authorization": "SHOP_TOKEN"})
    assert told.value.value == 401
    assert "s3cret" not in str(told.value)
    assert not waits


def test_a_busy_or_broken_server_is_asked_again_and_waits_grow(api, waits):
    api.tell("/sales", (503, b"", {}), (500, b"", {}), (502, b"", {}), [{"id": 1}])
    assert asked(api)["id"].tolist() == [1]
    assert len(waits) == 3
    assert waits[2] > waits[0]


def test_the_server_says_how_long_to_wait(api, waits):
    api.tell("/sales", (429, b"", {"Retry-After": "7"}), (429, b"", {"Retry-After": "100000"}), [{"id": 1}])
    asked(api)
    assert waits == [7, 60]


def test_after_the_last_try_the_error_names_address_and_status(api, waits):
    api.tell("/sales?key=abc", (500, b"", {}))
    with pytest.raises(DataError, match="3 tries: status 500") as told:
        asked(api, tries=3, parameters={"key": "abc"})
    assert told.value.where == f"{api.url}/sales"
    assert len(waits) == 2


@pytest.mark.usefixtures("waits")
def test_no_server_is_an_error_too(api):
    api.server.shutdown()
    api.server.server_close()
    with pytest.raises(DataError, match="2 tries"):
        asked(api, tries=2)


@pytest.mark.parametrize(
    ("body", "problem"),
    [(b"<html>oops", "not JSON"), ({"items": 3}, "no list"), ([1, 2], "no list"), (b"[{", "not JSON")],
)
def test_garbage_is_told(api, body, problem):
    api.tell("/sales", body)
    with pytest.raises(DataError, match=problem):
        asked(api)


def test_pages_in_a_circle_and_pages_elsewhere_are_refused(api):
    api.tell("/sales", {"items": [{"id": 1}], "next": "/sales"})
    with pytest.raises(DataError, match="circle"):
        asked(api, records="items", next="next")
    api.tell("/sales", {"items": [{"id": 1}], "next": "http://localhost:1/sales"})
    with pytest.raises(DataError, match="another server"):
        asked(api, records="items", next="next")


@pytest.mark.parametrize("elsewhere", ["http://localhost:{port}/sales", "http://127.0.0.1:1/sales"])
def test_a_secret_follows_no_redirect_to_another_server(api, monkeypatch, elsewhere):
    monkeypatch.setenv("SHOP_KEY", "s3cret")
    there = elsewhere.format(port=api.server.server_port)
    api.tell("/sales", (302, b"", {"Location": there}))
    with pytest.raises(DataError, match="another server"):
        asked(api, headers={"X-Api-Key": "SHOP_KEY"})
    assert len(api.asked) == 1


def test_a_redirect_within_the_server_is_followed(api):
    api.tell("/sales", (302, b"", {"Location": "/newer"}))
    api.tell("/newer", [{"id": 1}])
    assert asked(api)["id"].tolist() == [1]


def test_only_new_entries_are_asked_for(api):
    api.tell("/sales?from=2025-02-01", [{"id": 2}])
    source = ApiSource(url=f"{api.url}/sales", cursor="at", since="from")
    assert read_api(source, "2025-02-01")["id"].tolist() == [2]
