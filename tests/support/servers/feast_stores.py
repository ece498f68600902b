"""Online stores that Feast itself writes, and the servers that some of them need."""

import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import feast
import pandas as pd
import pytest
import redis
from feast.data_source import PushSource

from feature_repo.definitions import TYPES
from recommender.features.definitions import CUSTOMER_HISTORY, CUSTOMER_PROFILE, view
from tests.support.servers.claimed_port import claimed_port

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROFILES = {
    "customer_id": ["ann", "bob", "новый"],
    "birth_year": pd.array([1980, None, 2001], dtype="Int64"),
    "region": ["north", None, "south"],
    "skin_type": ["dry", None, None],
    "concerns": [["redness", "acne"], [], []],
    "avoided_ingredients": [["parfum"], [], None],
    "dismissed": [[], ["p9"], []],
    "event_timestamp": [NOW] * 3,
}
HISTORIES = {
    "customer_id": ["ann", "bob", "cyd"],
    "recent_products": [["p1", "p2"], ["p3"], ["p4"]],
    "recent_times": [[1_700_000_000, 1_700_000_100], [], [1_700_000_000]],
    "event_timestamp": [NOW] * 3,
}


def write(folder: Path, online_store) -> feast.FeatureStore:
    """The store into which Feast has written the customers above."""
    config = feast.RepoConfig(
        project="beauty",
        provider="local",
        registry={"registry_type": "file", "path": str(folder / "registry.db")},
        online_store=online_store,
        entity_key_serialization_version=3,
    )
    store = feast.FeatureStore(config=config)
    customer = feast.Entity(name="customer", join_keys=["customer_id"], value_type=feast.ValueType.STRING)
    store.apply([customer, _view(CUSTOMER_PROFILE, customer), _view(CUSTOMER_HISTORY, customer)])
    store.write_to_online_store(CUSTOMER_PROFILE, pd.DataFrame(PROFILES))
    store.write_to_online_store(CUSTOMER_HISTORY, pd.DataFrame(HISTORIES))
    return store


def _view(name, entity):
    source = PushSource(
        name=f"{name}_source",
        batch_source=feast.FileSource(path="unused.parquet", timestamp_field="event_timestamp"),
    )
    schema = [feast.Field(name=feature.name, dtype=TYPES[feature.dtype]) for feature in view(name).features]
    return feast.FeatureView(name=name, entities=[entity], schema=schema, source=source)


class RedisServer:
    """A Redis of one's own."""

    def __init__(self, command: Sequence[str], port: int) -> None:
        self.port = port
        self._command = [*command, "--port", str(self.port)]
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self):
        return redis.Redis(port=self.port)

    def start(self) -> None:
        """Run it, also after it was stopped, and wait until it answers."""
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        try:
            _wait_for(self.client)
        except redis.RedisError:
            self.stop()
            raise

    def stop(self) -> None:
        """End it at once, whatever state it is in."""
        self.process.kill()
        self.process.wait()


@contextmanager
def redis_server(folder: Path, *options: str):
    """A Redis of one's own, empty, with more of its own options; skips where the program is missing."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    with claimed_port() as port:
        server = RedisServer([program, "--dir", str(folder), "--save", "", "--bind", "127.0.0.1", *options], port)
        try:
            yield server
        finally:
            server.stop()


def _wait_for(client):
    deadline = time.monotonic() + 20
    while True:
        try:
            client.ping()
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
