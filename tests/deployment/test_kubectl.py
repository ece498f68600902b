"""The real kubectl, and whether what it says means that the API is away."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deployment.kubectl import KubectlError, KubectlUnavailableError, kubectl


@pytest.fixture
def refusing():
    """The address of an API that answers everything with the status and reason that it is given."""

    class Api(BaseHTTPRequestHandler):
        def do_GET(self):
            said = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "no", **self.failure}
            self.send_response(self.failure["code"])
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    Api.address = f"http://127.0.0.1:{server.server_port}"
    yield Api
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_cluster(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("code", "reason", "away"),
    [
        (503, "ServiceUnavailable", True),
        (429, "TooManyRequests", True),
        (500, "InternalError", True),
        (504, "Timeout", True),
        (403, "Forbidden", False),
        (401, "Unauthorized", False),
    ],
)
def test_an_api_that_cannot_answer_now_is_told_from_one_that_refuses(refusing, code, reason, away):
    refusing.failure = {"code": code, "reason": reason}

    with pytest.raises(KubectlError) as caught:
        kubectl("get", "--server", refusing.address, "--raw", "/apis/batch/v1")

    assert isinstance(caught.value, KubectlUnavailableError) == away


def test_a_refused_connection_means_that_the_api_is_away():
    with socket.socket() as silent:  # bound, so that nobody else can listen there
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(KubectlUnavailableError):
            kubectl("get", "job", "one", "--server", f"http://127.0.0.1:{silent.getsockname()[1]}")
