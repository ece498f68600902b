"""Files in an object store, by a local server that speaks as much of S3 as reading needs."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from infrastructure.errors import DataError
from recommender.data.sources.ingest import ingest
from tests.support.small_data_set import PRODUCTS, DataSet


@pytest.fixture
def bucket(monkeypatch):
    """Objects by path, and the server's host and port."""
    objects = {}

    class Handler(BaseHTTPRequestHandler):
        def answer(self, *, body):
            found = objects.get(self.path)
            data = found or b""
            status = 200 if found is not None else 404
            if found is not None and "Range" in self.headers:
                first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
                data, status = found[int(first) : int(last) + 1], 206
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if body:
                self.wfile.write(data)

        def do_GET(self):
            self.answer(body=True)

        def do_HEAD(self):
            self.answer(body=False)

        def log_message(self, *_):
            pass

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield objects, f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def at(data_set: DataSet, address: str):
    data_set.described["tables"]["products"]["file"] = address
    data_set.source.write_text(yaml.safe_dump(data_set.described))
    return data_set.source


def test_a_file_in_an_object_store_is_a_table(data_set: DataSet, bucket):
    objects, host = bucket
    objects["/shop/catalogue/products.csv"] = PRODUCTS.encode()
    address = f"s3://shop/catalogue/products.csv?endpoint_override={host}&scheme=http&region=eu-central-1"
    assert ingest(at(data_set, address)).tables["products"]["product_id"].tolist() == ["p1", "p2", "p3"]


def test_an_object_that_is_not_there_is_told(data_set: DataSet, bucket):
    address = f"s3://shop/nothing.csv?endpoint_override={bucket[1]}&scheme=http&region=eu-central-1"
    with pytest.raises(DataError, match="cannot be fetched") as told:
        ingest(at(data_set, address))
    assert told.value.where == "s3://shop/nothing.csv"
    assert "s3cret" not in str(told.value)


def test_an_address_that_no_file_system_knows_is_told(data_set: DataSet):
    with pytest.raises(DataError, match="cannot be fetched"):
        ingest(at(data_set, "floppy://a/products.csv"))
