"""Stores that an overlay brings get a password once; those it does not bring are asked for."""

import base64

import pytest

from deployment import stores

NOTES = {stores.ADDRESS: "redis://:{password}@redis:6379/0", stores.KEY: "online-store"}
REDIS = {"kind": "StatefulSet", "metadata": {"name": "redis", "annotations": NOTES}}


def pod(key, **more):
    reference = {"name": stores.SECRET, "key": key, **more}
    container = {"env": [{"name": "ANY", "valueFrom": {"secretKeyRef": reference}}]}
    return {
        "kind": "Deployment",
        "metadata": {"name": "any"},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }


class Cluster:
    """Holds the one Secret."""

    def __init__(self, **data):
        self.data = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
        self.applied = 0

    def get(self, kind, name, namespace):
        assert (kind, name, namespace) == ("secret", stores.SECRET, "shop")
        return {"data": self.data} if self.data else None

    def apply(self, manifest):
        self.applied += 1
        assert (manifest["kind"], manifest["metadata"]) == ("Secret", {"name": stores.SECRET, "namespace": "shop"})
        self.data = manifest["data"]

    @property
    def texts(self):
        return {key: base64.b64decode(text).decode() for key, text in self.data.items()}


@pytest.fixture
def cluster(monkeypatch):
    def use(made):
        monkeypatch.setattr(stores, "get", made.get)
        monkeypatch.setattr(stores, "apply", made.apply)
        return made

    return use


def test_a_new_store_gets_a_password_and_its_clients_an_address_with_it(cluster):
    made = cluster(Cluster())

    assert stores.create_passwords([REDIS], "shop") == ["redis"]

    password = made.texts["redis-password"]
    assert len(password) >= 32
    assert made.texts["online-store"] == f"redis://:{password}@redis:6379/0"


def test_a_password_that_is_there_stays(cluster):
    made = cluster(Cluster())
    stores.create_passwords([REDIS], "shop")
    before = made.texts

    assert stores.create_passwords([REDIS], "shop") == []

    assert (made.texts, made.applied) == (before, 1)


def test_what_else_is_in_the_secret_stays(cluster):
    made = cluster(Cluster(own="kept"))

    stores.create_passwords([REDIS], "shop")

    assert made.texts["own"] == "kept"
    assert set(made.texts) == {"own", "redis-password", "online-store"}


def test_no_two_clusters_have_the_same_password(cluster):
    one, other = cluster(Cluster()), Cluster()
    stores.create_passwords([REDIS], "shop")
    cluster(other)
    stores.create_passwords([REDIS], "shop")

    assert one.texts["redis-password"] != other.texts["redis-password"]


def test_what_no_store_of_the_overlay_brings_has_to_be_given():
    assert stores.missing_keys([pod("online-store"), pod("event-log")]) == {"online-store", "event-log"}
    assert stores.missing_keys([REDIS, pod("online-store")]) == set()
    assert stores.missing_keys([pod("event-log", optional=True)]) == set()
