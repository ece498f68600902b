"""The production overlay: several pods of a kind, and stores that somebody else runs, here in another namespace."""

from base64 import b64decode
from pathlib import Path

import pytest

from deployment.doctor import examine
from deployment.kubectl import apply, get, kubectl
from deployment.manifests import build_manifests, namespace_of
from deployment.platform import deploy, undeploy
from deployment.stores import SECRET, create_passwords
from tests.support.cluster import OVERLAY as LOCAL
from tests.support.cluster import Platform, eventually, state_of

OVERLAY = Path(__file__).parent
SERVERS = {"redis": "online-store", "postgres": "event-log"}
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


def start_stores(namespace):
    """A Redis and a PostgreSQL in a namespace of their own; the data of the Secret that names them to others."""
    kinds = ("Service", "ServiceAccount", "StatefulSet")
    servers = [m for m in build_manifests(LOCAL) if m["kind"] in kinds and m["metadata"]["name"] in SERVERS]
    apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": RESTRICTED}})
    create_passwords(servers, namespace)
    for server in servers:
        apply({**server, "metadata": {**server["metadata"], "namespace": namespace}})
    for name in SERVERS:
        kubectl("rollout", "status", f"statefulset/{name}", "--namespace", namespace, "--timeout=300s")
    own = (get("secret", SECRET, namespace) or {})["data"]
    here = {key: b64decode(own[key]).decode() for key in SERVERS.values()}
    return {key: here[key].replace(f"@{name}", f"@{name}.{namespace}") for name, key in SERVERS.items()}


@pytest.fixture(scope="module")
def platform():
    built = build_manifests(OVERLAY)
    made = Platform(namespace_of(built), [])
    stores = f"{made.namespace}-stores"
    try:
        secret = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "stringData": start_stores(stores)}
        apply(next(one for one in built if one["kind"] == "Namespace"))
        apply({**secret, "metadata": {"name": SECRET, "namespace": made.namespace}})
        deploy(OVERLAY, made.said.append)
        yield made
    except BaseException:
        print("\n".join(made.said), state_of(made), sep="\n")
        raise
    finally:
        undeploy(OVERLAY, made.said.append)
        kubectl("delete", "namespace", stores, "--ignore-not-found")


def in_the_log(platform, query):
    psql = ("psql", "--username", "recommender", "--tuples-only", "--no-align", "--command", query)
    return int(kubectl("--namespace", f"{platform.namespace}-stores", "exec", "postgres-0", "--", *psql))


def test_three_predictors_answer_after_the_first_training(platform):
    print("\n".join(platform.said))
    version = platform.champion()["version"]

    assert platform.model_uri() == f"pvc://models/tiny/{version}"
    assert f'"model_version": "{version}"' in platform.said[-1]
    assert platform.get("deployment", "recommender-predictor")["status"]["availableReplicas"] >= 3
    assert platform.get("deployment", "collector")["status"]["availableReplicas"] == 2


def test_the_doctor_misses_nothing_here(platform):  # noqa: ARG001 (it is deployed)
    assert [str(found) for found in examine(OVERLAY) if found.required and not found.ok] == []


def test_the_number_of_predictors_follows_a_load_that_is_measured(platform):
    def measured():
        scaler = platform.get("hpa", "recommender-predictor")
        assert (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]) == (3, 10)
        metrics = scaler["status"].get("currentMetrics") or [{}]
        return "averageUtilization" in metrics[0].get("resource", {}).get("current", {})

    eventually(measured, 180)


def test_what_is_shown_is_kept_in_the_database_without_a_shared_file(platform):
    before = in_the_log(platform, "SELECT count(*) FROM impressions")

    platform.ask()

    eventually(lambda: in_the_log(platform, "SELECT count(*) FROM impressions") > before)


def test_events_are_taken_while_a_collector_is_lost(platform):
    with platform.app() as sent:
        eventually(lambda: sent.look()["acknowledged"] > 10)
        (first, *_) = platform.kubectl(
            "get", "pods", "-l", "app.kubernetes.io/component=collector", "-o", "name"
        ).split()
        platform.kubectl("delete", first, "--grace-period=0", "--force", "--wait=false")
        before = sent.look()["acknowledged"]
        eventually(lambda: sent.look()["acknowledged"] > before + 20)

    print(f"one of two collectors lost: {sent}")
    kept = in_the_log(platform, f"SELECT count(DISTINCT event_id) FROM events WHERE event_id LIKE '{sent['run']}-%'")
    assert kept >= sent["acknowledged"]
