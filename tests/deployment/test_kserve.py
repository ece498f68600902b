"""What is said to the Kubernetes API, and what is read of its answers; the API is a small server here."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from kubernetes.client import ApiClient, Configuration

from deployment.errors import DeploymentError, UnavailableError
from deployment.kserve import MANAGER, SOURCE, KServeInferenceService, RolloutStatus

PATH = "/apis/serving.kserve.io/v1beta1/namespaces/shop/inferenceservices/recommender"


@pytest.fixture
def api():
    """A server that answers from ``answers`` (path → object) and notes what it was sent in ``requests``."""

    class Api(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(None)

        def do_PATCH(self):
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body):
            url = urlsplit(self.path)
            self.requests.append((self.command, url.path, parse_qs(url.query), self.headers["Content-Type"], body))
            found = self.answers.get(url.path)
            self.send_response(self.status or (200 if found else 404))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found or {"message": "nothing there"}).encode())

        def log_message(self, *_):
            pass

    Api.answers, Api.requests, Api.status = {}, [], None
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Api.address = f"http://127.0.0.1:{server.server_port}"
    yield Api
    server.shutdown()
    server.server_close()


@pytest.fixture
def service(api):
    return KServeInferenceService("recommender", "shop", ApiClient(Configuration(host=api.address)))


def test_a_new_model_is_applied_by_a_field_manager_of_its_own(api, service):
    api.answers[PATH] = {"kind": "InferenceService"}

    service.set_models("pvc://models/new")

    ((method, path, query, content_type, body),) = api.requests
    assert (method, path, content_type) == ("PATCH", PATH, "application/apply-patch+yaml")
    assert (query["fieldManager"], query["force"]) == ([MANAGER], ["true"])
    assert body["spec"] == {"predictor": {"model": {"storageUri": "pvc://models/new"}}}


def test_a_candidate_stands_beside_the_stable_model_without_traffic(api, service):
    api.answers[PATH] = {"kind": "InferenceService"}

    service.set_models("pvc://models/old", "pvc://models/new")

    spec = api.requests[0][-1]["spec"]
    (canary,) = spec["canary"]
    assert spec["predictor"]["model"]["storageUri"] == "pvc://models/old"
    assert canary["trafficPercent"] == 0
    assert canary["predictor"]["model"]["storageUri"] == "pvc://models/new"


def test_the_model_of_the_stable_predictor_is_read(api, service):
    api.answers[PATH] = {"spec": {"predictor": {"model": {"storageUri": "pvc://models/old"}}}}

    assert service.model_uri() == "pvc://models/old"


def test_before_the_first_model_there_is_none(api, service):
    api.answers[PATH] = {"spec": {"predictor": {"model": {"runtime": "recommender"}}}}

    assert service.model_uri() is None


def test_an_inference_service_that_is_not_there_is_an_error(service):
    with pytest.raises(DeploymentError, match="Not Found"):
        service.model_uri()


def test_a_deployment_that_is_not_there_yet_is_no_error(service):
    assert service.rollout_status() is None


def deployment(generation=2, observed=2, replicas=2, updated=2, available=2, total=2):
    return {
        "metadata": {"generation": generation},
        "spec": {"replicas": replicas, "template": {"metadata": {"annotations": {SOURCE: "pvc://new"}}}},
        "status": {
            "observedGeneration": observed,
            "replicas": total,
            "updatedReplicas": updated,
            "availableReplicas": available,
            "conditions": [{"type": "Available", "message": "minimum availability"}],
        },
    }


@pytest.mark.parametrize(
    ("candidate", "name"), [(False, "recommender-predictor"), (True, "recommender-candidate-predictor")]
)
def test_the_pods_are_watched_and_asked_by_the_name_of_their_predictor(api, service, candidate, name):
    api.answers[f"/apis/apps/v1/namespaces/shop/deployments/{name}"] = deployment()

    assert service.rollout_status(candidate).complete
    assert service.address(candidate) == f"http://{name}.shop.svc.cluster.local"


def test_a_rollout_is_complete_when_every_pod_is_new_and_ready():
    found = RolloutStatus.from_deployment(deployment())

    assert (found.uri, found.complete, found.message) == ("pvc://new", True, "minimum availability")


@pytest.mark.parametrize(
    "state",
    [{"observed": 1}, {"updated": 1}, {"available": 1}, {"total": 3}, {"replicas": 0, "updated": 0, "available": 0}],
    ids=["not yet seen", "old pods left", "not all ready", "one too many", "no pods"],
)
def test_until_then_it_is_not(state):
    assert not RolloutStatus.from_deployment(deployment(**state)).complete


@pytest.mark.parametrize(("status", "away"), [(429, True), (500, True), (503, True), (403, False), (409, False)])
def test_an_api_that_cannot_answer_now_is_told_from_one_that_refuses(api, service, status, away):
    api.status = status

    for asked in (service.model_uri, service.rollout_status, lambda: service.set_models("pvc://models/new")):
        with pytest.raises(DeploymentError) as caught:
            asked()
        assert isinstance(caught.value, UnavailableError) == away


def test_a_refused_connection_means_that_the_api_is_away():
    with socket.socket() as silent:  # bound, so that nobody else can listen there
        silent.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UnavailableError, match="cannot be reached"):
            KServeInferenceService("recommender", "shop", ApiClient(Configuration(host=host))).model_uri()
