"""Both online stores, as Feast writes them, say the same of the same customers."""

from pathlib import Path

import pytest
import yaml

import feature_repo
from serving.customers.feast_layout import PROJECT
from serving.customers.redis import RedisCustomers
from serving.customers.source import Customer, NoCustomers
from serving.customers.sqlite import SqliteCustomers
from tests.support.servers.feast_stores import redis_server, write


@pytest.fixture(scope="module", params=["sqlite", "redis"])
def store(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        write(folder, {"type": "sqlite", "path": str(folder / "online.db")})
        yield SqliteCustomers(folder / "online.db", timeout=5)
        return
    with redis_server(folder) as server:
        write(folder, {"type": "redis", "connection_string": f"127.0.0.1:{server.port}"})
        yield RedisCustomers(server.url, timeout=5)


def test_customers_are_read_as_feast_wrote_them(store):
    found = store.read(["ann", "bob", "новый", "cyd", "nobody"])

    assert found == {
        "ann": Customer(
            products=("p1", "p2"),
            times=(1_700_000_000, 1_700_000_100),
            birth_year=1980,
            region="north",
            skin_type="dry",
            concerns=("redness", "acne"),
            avoided_ingredients=("parfum",),
        ),
        "bob": Customer(products=("p3",), dismissed=("p9",), avoided_ingredients=()),
        "новый": Customer(birth_year=2001, region="south", avoided_ingredients=()),
        "cyd": Customer(products=("p4",), times=(1_700_000_000,)),
    }


def test_a_customer_without_a_stored_profile_has_no_known_avoidances(store):
    assert store.read(["cyd"])["cyd"].avoided_ingredients is None


def test_a_large_batch(store):
    ids = [f"c{i}" for i in range(2000)] + ["ann"]

    assert set(store.read(ids)) == {"ann"}


def test_the_project_is_the_feature_stores():
    settings = Path(feature_repo.__file__).with_name("feature_store.yaml").read_text()

    assert yaml.safe_load(settings)["project"] == PROJECT


def test_without_a_store_nobody_is_known():
    assert NoCustomers().read(["ann"]) == {}
