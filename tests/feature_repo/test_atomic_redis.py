"""Rows on Redis are Feast's, byte for byte, and each is written in one step that only a strictly newer one refuses."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from feature_repo.store import REDIS
from recommender.features.definitions import CUSTOMER_PROFILE
from tests.support.servers.feast_stores import HISTORIES, NOW, PROFILES, redis_server, write

FEASTS_OWN, OURS = "redis", REDIS["type"]
SECOND = timedelta(seconds=1)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with redis_server(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(autouse=True)
def _empty(server):
    server.client.flushall()


def written(folder, server, kind, **options):
    """All that Redis holds after Feast wrote the customers into it."""
    server.client.flushall()
    write(folder, {"type": kind, "connection_string": f"127.0.0.1:{server.port}", **options})
    return {key: server.client.hgetall(key) for key in server.client.scan_iter()}


class Regions:
    """A feature store in which one customer's region is written and read."""

    def __init__(self, folder, server):
        self.store = write(folder, {"type": OURS, "connection_string": f"127.0.0.1:{server.port}"})

    def put(self, customer, region, time):
        empty = {name: [None] for name in PROFILES}
        row = {**empty, "customer_id": [customer], "region": [region], "event_timestamp": [time]}
        self.store.write_to_online_store(CUSTOMER_PROFILE, pd.DataFrame(row))

    def get(self, customer):
        asked = self.store.get_online_features([f"{CUSTOMER_PROFILE}:region"], [{"customer_id": customer}])
        return asked.to_dict()["region"][0]


def test_keys_and_bytes_are_feasts(tmp_path, server):
    feasts = written(tmp_path, server, FEASTS_OWN)
    assert len(feasts) == len({*PROFILES["customer_id"], *HISTORIES["customer_id"]})
    assert written(tmp_path, server, OURS) == feasts


def test_rows_are_kept_as_long_as_feasts(tmp_path, server):
    written(tmp_path, server, OURS, key_ttl_seconds=100)
    assert all(0 < server.client.ttl(key) <= 100 for key in server.client.scan_iter())
    written(tmp_path, server, OURS)
    assert all(server.client.ttl(key) == -1 for key in server.client.scan_iter())


def test_only_a_strictly_newer_row_stays(tmp_path, server):
    regions = Regions(tmp_path, server)
    # Every length of a time's bytes: without seconds, of one byte and more, with and without nanoseconds.
    times = [BEGINNING - 3_000_000 * SECOND, BEGINNING, *(BEGINNING + 2**power * SECOND / 8 for power in range(2, 34))]
    for older, newer in pairwise(times):
        who = f"until {newer}"
        regions.put(who, "old", older)
        regions.put(who, "new", newer)
        assert regions.get(who) == "new"
        regions.put(who, "late", older)
        assert regions.get(who) == "new", (older, newer)
        regions.put(who, "again", newer)
        assert regions.get(who) == "again"


def test_of_two_rows_of_one_batch_the_newer_stays(tmp_path, server):
    regions = Regions(tmp_path, server)
    empty = {name: [None] * 2 for name in PROFILES}
    both = {**empty, "customer_id": ["eve"] * 2, "region": ["new", "old"], "event_timestamp": [NOW, NOW - SECOND]}
    regions.store.write_to_online_store(CUSTOMER_PROFILE, pd.DataFrame(both))
    assert regions.get("eve") == "new"


def test_a_large_batch_is_written_whole(tmp_path, server):
    regions = Regions(tmp_path, server)
    many = {name: [None] * 2_500 for name in PROFILES}
    many |= {"customer_id": [f"c{i}" for i in range(2_500)], "region": ["north"] * 2_500}
    told = pd.DataFrame({**many, "event_timestamp": [NOW] * 2_500})
    regions.store.write_to_online_store(CUSTOMER_PROFILE, told)
    assert [regions.get(f"c{i}") for i in (0, 999, 1_000, 2_499)] == ["north"] * 4
