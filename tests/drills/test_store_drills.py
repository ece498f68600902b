"""The online store goes away, or hangs, while customers ask."""

import os
import signal
import time
from contextlib import contextmanager

import httpx
import pytest

from serving.packaging.process import serve_bento
from tests.support.drilling import BODY, CONNECTIONS, PREDICT, WORKERS, traffic, wait_until
from tests.support.servers.feast_stores import redis_server, write

AWAY_SECONDS = int(os.environ.get("OUTAGE_SECONDS", "5"))
"""How long the store is away; ``make drills`` lets it be longer."""

SETTINGS = '{"store_retry_seconds": 0.5, "maximum_wait_seconds": 30, "remembered_answers": 0}'
pytestmark = [pytest.mark.drill, pytest.mark.slow]


@pytest.fixture
def store(tmp_path):
    """A Redis that keeps what it holds when it is stopped."""
    with redis_server(tmp_path, "--appendonly", "yes") as running:
        write(tmp_path, {"type": "redis", "connection_string": f"127.0.0.1:{running.port}"})
        yield running


def knows(address):
    """Whether many connections, so every worker, are answered from the store."""
    asked = [httpx.post(address + PREDICT, json=BODY, timeout=10).json() for _ in range(10 * WORKERS)]
    return all(answer["predictions"][0]["fallback"] == "" for answer in asked)


def is_known(running):
    """Whether the latest answers, of every connection, rest on the store."""
    return all(answer.predictions[0]["fallback"] == "" for answer in running.answers[-2 * CONNECTIONS :])


@contextmanager
def asking(bento, store):
    own = {"ONLINE_STORE": store.url, "SERVING_SETTINGS": SETTINGS}
    with serve_bento(bento, own, workers=WORKERS) as address:
        assert knows(address)
        with traffic(address) as running:
            yield running


def check(running, forbidden):
    assert not running.failed
    assert not running.refused
    ann = [answer.predictions[0] for answer in running.answers]
    assert any(prediction["fallback"] == "store_unavailable" for prediction in ann)
    shown = {item["product_id"] for prediction in ann for item in prediction["items"]}
    assert shown
    assert not shown & forbidden


def test_a_stopped_store_fails_no_request_and_shows_nobody_what_they_avoid(bento, store, forbidden, note):
    with asking(bento, store) as running:
        store.stop()
        time.sleep(AWAY_SECONDS)  # how long the fault lasts is what is tried, not waited for
        began = time.monotonic()
        store.start()
        wait_until(lambda: is_known(running))
        recovery = time.monotonic() - began
        running.wait_for(50)
    check(running, forbidden)
    assert running.answers[-1].predictions[0]["fallback"] == ""
    note(running.figures(f"online store stopped for {AWAY_SECONDS} s", recovery))


def test_a_hanging_store_fails_no_request_and_shows_nobody_what_they_avoid(bento, store, forbidden, note):
    with asking(bento, store) as running:
        os.kill(store.process.pid, signal.SIGSTOP)
        time.sleep(AWAY_SECONDS)
        os.kill(store.process.pid, signal.SIGCONT)
        recovery = wait_until(lambda: is_known(running))
        running.wait_for(50)
    check(running, forbidden)
    assert running.answers[-1].predictions[0]["fallback"] == ""
    note(running.figures(f"online store hangs for {AWAY_SECONDS} s (SIGSTOP)", recovery))
