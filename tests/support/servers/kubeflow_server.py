"""A small Kubeflow Pipelines API (v2beta1) on a local port, which misbehaves when a test tells it to.

What it is sent has to be what the SDK's generated client knows: unknown fields and paths are refused.
"""

import json
import re
import threading
import time
from contextlib import contextmanager
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, unquote, urlsplit

import kfp_server_api as api

RUNS = "/apis/v2beta1/runs"
LISTS = {
    "runs": ("run_id", api.V2beta1Run),
    "experiments": ("experiment_id", api.V2beta1Experiment),
    "pipelines": ("pipeline_id", api.V2beta1Pipeline),
    "recurringruns": ("recurring_run_id", api.V2beta1RecurringRun),
}
NAMES = {"recurringruns": "recurringRuns"}
#: What ``running_server`` holds, as the trigger is told of it.
IDS = {"KFP_EXPERIMENT_ID": "e1", "KFP_PIPELINE_ID": "p1", "KFP_PIPELINE_VERSION_ID": "v1"}
OPERATIONS = {1: "EQUALS", 9: "IS_SUBSTRING"}


class KubeflowServer:
    """The server's memory.

    Attributes:
        url: Its address.
        kept: By collection, every object by its id, in order of creation.
        versions: Pipeline versions by id.
        asked: Method, path and query of every request.
        tokens: Bearer tokens that are let in; None for everyone.
        states: What a new run goes through, one state a look; the last stays.
        on_end: Called with a run that reaches its last state.
    """

    def __init__(self):
        self.kept = {name: {} for name in LISTS}
        self.versions = {}
        self.asked = []
        self.tokens = None
        self.states = ["PENDING", "RUNNING", "SUCCEEDED"]
        self.on_end = lambda _run: None
        self._faults = {}
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._left = {}
        self.under_way = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.under_way += 1
                try:
                    server.handle(self)
                finally:
                    server.under_way -= 1

            do_POST = do_DELETE = do_GET  # noqa: N815 (as the base class names them)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    @contextmanager
    def running(self):
        """Answers until the block ends."""
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()

    def misbehave(self, method, *faults):
        """The next requests with this method meet these: a status, "lost", "garbage", or seconds of slowness.

        "lost" and slowness do what was asked and fail to say so in time; a status and "garbage" do nothing.
        """
        self._faults.setdefault(method, []).extend(faults)

    def count(self, method, path=RUNS):
        return sum(1 for asked in self.asked if asked[:2] == (method, path))

    @property
    def runs(self):
        """Every run, when what is still being answered is done."""
        until = time.monotonic() + 30
        while self.under_way:
            assert time.monotonic() < until, "a request is never done"
            time.sleep(0.01)
        return list(self.kept["runs"].values())

    def handle(self, request):
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        self.asked.append((request.command, parts.path, query))
        faults = self._faults.get(request.command)
        fault = faults.pop(0) if faults else None
        if not self._admits(parts.path, request.headers.get("authorization")):
            return _answer(request, 401, {"error": "Unauthenticated", "message": "there is no valid user identity"})
        if isinstance(fault, int):
            return _answer(request, fault, {"message": "out of order"}, {"retry-after": "0"})
        if fault == "garbage":
            return _answer(request, 200, b"<html>Please log in</html>")
        if isinstance(fault, float):
            time.sleep(fault)
        try:
            found = self._found(request.command, parts.path, query, request.headers, body)
        except RefusedError as error:
            return _answer(request, error.status, {"message": str(error)})
        if fault == "lost":
            request.close_connection = True
            return request.connection.close()
        return _answer(request, 200, found)

    def _admits(self, path, authorization):
        """As the real one does, it tells anybody that it is healthy."""
        if self.tokens is None or path.endswith("/healthz"):
            return True
        return authorization in {f"Bearer {token}" for token in self.tokens}

    def _found(self, method, path, query, headers, body):
        with self._lock:
            if path == "/apis/v2beta1/healthz":
                return {"multi_user": False}
            if path.startswith("/apis/v2beta1/pipelines/upload"):
                return self._upload(path, query, headers, body)
            if match := re.fullmatch(r"/apis/v2beta1/pipelines/([^/]+)/versions", path):
                found = [one for one in self.versions.values() if one["pipeline_id"] == match[1]]
                return {"pipeline_versions": _filtered(found, query)}
            match = re.fullmatch(r"/apis/v2beta1/(\w+)(?:/([^/:]+))?(?::(\w+))?", path)
            if not match or match[1] not in LISTS:
                raise RefusedError(404, f"no such path: {path}")
            return self._object(method, *match.groups(), query, body)

    def _object(self, method, collection, key, verb, query, body):
        kept = self.kept[collection]
        if method == "POST" and key is None:
            return self._made(collection, json.loads(body))
        if key is None:
            found = [one for one in kept.values() if _belongs(one, query)]
            return {NAMES.get(collection, collection): _filtered(found, query)}
        if key not in kept:
            raise RefusedError(404, f"{collection} {key} not found")
        if method == "DELETE":
            return kept.pop(key) and {}
        if verb:
            kept[key]["status"] = verb.upper()
            return {}
        return self._progressed(kept[key]) if collection == "runs" else kept[key]

    def _made(self, collection, body):
        name, model = LISTS[collection]
        unknown = set(body) - set(model.attribute_map.values())
        if unknown:
            raise RefusedError(400, f"unknown fields {sorted(unknown)}")
        if collection in ("runs", "recurringruns"):
            self._check(body)
        number = next(self._numbers)
        made = {**body, name: f"{collection}-{number}", "created_at": f"2026-01-01T00:00:{number % 60:02d}Z"}
        if collection == "runs":
            made["state"] = self.states[0]
            self._left[made[name]] = list(self.states[1:])
        self.kept[collection][made[name]] = made
        return made

    def _check(self, body):
        if body["experiment_id"] not in self.kept["experiments"]:
            raise RefusedError(404, "no such experiment")
        named = body["pipeline_version_reference"]
        version = self.versions.get(named["pipeline_version_id"])
        if version is None or version["pipeline_id"] != named["pipeline_id"]:
            raise RefusedError(404, "no such pipeline version")
        schedule = body.get("trigger", {}).get("cron_schedule")
        if schedule and len(schedule["cron"].split()) != 6:
            raise RefusedError(400, "a schedule has six fields")

    def _progressed(self, run):
        left = self._left[run["run_id"]]
        if left:
            run["state"] = left.pop(0)
            if not left:
                self.on_end(run)
        return run

    def _upload(self, path, query, headers, body):
        mail = b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body
        (file,) = (part for part in BytesParser().parsebytes(mail).get_payload())
        content = file.get_payload(decode=True).decode()
        if path.endswith("upload_version"):
            return self._version(query["pipelineid"], query["name"], content)
        pipeline = self._made("pipelines", {"display_name": query["name"], "name": query["name"]})
        # As the real one does, it makes a first version of the same name.
        self._version(pipeline["pipeline_id"], query["name"], content)
        return pipeline

    def _version(self, pipeline, name, content):
        known = [one for one in self.versions.values() if one["pipeline_id"] == pipeline]
        if name in [one["display_name"] for one in known]:
            raise RefusedError(409, f"a version {name} exists")
        key = f"version-{next(self._numbers)}"
        made = {"pipeline_id": pipeline, "pipeline_version_id": key, "display_name": name, "name": name}
        self.versions[key] = {**made, "content": content}
        return made


@contextmanager
def running_server(states=("PENDING", "RUNNING", "SUCCEEDED")):
    """Yields a server with one experiment and one pipeline version."""
    made = KubeflowServer()
    made.states = list(states)
    made.kept["experiments"]["e1"] = {"display_name": "shop"}
    made.versions["v1"] = {"pipeline_id": "p1", "display_name": "1"}
    with made.running():
        yield made


class RefusedError(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def _belongs(one, query):
    return "experiment_id" not in query or one.get("experiment_id") == query["experiment_id"]


def _filtered(found, query):
    """By one predicate on the display name, as the tests need it, newest first."""
    for predicate in json.loads(unquote(query.get("filter") or "{}")).get("predicates", []):
        assert predicate["key"] == "display_name"
        asked = predicate.get("string_value") or predicate["stringValue"]
        operation = OPERATIONS.get(predicate["operation"], predicate["operation"])
        # In SQL's LIKE an underscore stands for any character.
        pattern = {"EQUALS": f"^{re.escape(asked)}$", "IS_SUBSTRING": re.escape(asked).replace("_", ".")}[operation]
        found = [one for one in found if re.search(pattern, one["display_name"])]
    return found[::-1]


def _answer(request, status, body, headers=None):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        request.send_response(status)
        for name, value in {"content-length": str(len(content)), **(headers or {})}.items():
            request.send_header(name, value)
        if not isinstance(body, bytes):
            request.send_header("content-type", "application/json")
        request.end_headers()
        request.wfile.write(content)
    except OSError:
        pass  # who asked has gone
