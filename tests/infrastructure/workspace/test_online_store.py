from pathlib import Path

import pytest
import yaml
from feast.infra.online_stores.redis import RedisOnlineStore

from infrastructure.errors import ConfigError
from infrastructure.workspace import Workspace
from infrastructure.workspace.online_store import (
    ONLINE_STORE,
    feast_connection,
    feast_variables,
    online_store,
    redis_address,
)


def as_feast_reads(connection):
    """Through a YAML file and Feast's own reading of the text."""
    text = yaml.safe_load(f"connection_string: {connection}")["connection_string"]
    return RedisOnlineStore._parse_connection_string(text)


def test_a_path_is_no_redis(tmp_path):
    assert redis_address({ONLINE_STORE: "/workspace/online.db"}) is None
    assert redis_address({}) is None
    assert feast_variables(tmp_path, {ONLINE_STORE: "/x"}) == {"FEAST_FOLDER": str(tmp_path), "FEAST_REDIS": ""}


@pytest.mark.parametrize(
    ("address", "where"), [("redis://h:1", "redis://h:1"), ("/else/online.db", None), (None, None)]
)
def test_serving_is_told_of_the_redis_or_of_the_workspaces_own_file(monkeypatch, address, where):
    monkeypatch.delenv(ONLINE_STORE, raising=False)
    if address:
        monkeypatch.setenv(ONLINE_STORE, address)

    assert online_store(Workspace(Path("/shop"))) == (where or "/shop/feast/online.db")


def test_feast_gets_every_part_of_an_address():
    nodes, options = as_feast_reads(feast_connection("rediss://ann:pass@store.example:7000/3"))

    assert nodes == [{"host": "store.example", "port": "7000"}]
    assert {name: options[name] for name in ("db", "ssl", "username", "password")} == {
        "db": 3,
        "ssl": True,
        "username": "ann",
        "password": "pass",
    }


def test_without_port_and_number_the_usual_ones_are_meant():
    nodes, options = as_feast_reads(feast_connection("redis://store"))

    assert nodes == [{"host": "store", "port": "6379"}]
    assert options["db"] == 0
    assert options["socket_timeout"] > 0


@pytest.mark.parametrize("password", ["1234", "12e5", "true", "a,b=c", "p%2Cq", 'quo"te', "sp%20ace%20%23x", "%24HOME"])
def test_no_password_is_taken_for_something_else(password):
    from urllib.parse import unquote

    _, options = as_feast_reads(feast_connection(f"redis://:{password}@store"))

    assert options["password"] == unquote(password)


@pytest.mark.parametrize("address", ["redis://", "redis://:secret@/0", "redis://:secret@store/zero"])
def test_what_is_wrong_with_an_address_is_told_without_its_password(address):
    with pytest.raises(ConfigError, match=ONLINE_STORE) as caught:
        feast_connection(address)

    assert "secret" not in str(caught.value)
