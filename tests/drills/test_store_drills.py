"""The online store goes away, or hangs, while customers ask."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import httpx
import pytest
from drilling import BODY, CONNECTIONS, PREDICT, WORKERS, traffic, wait_until
from feast_stores import write
from redis import Redis, RedisError

from serving.process import free_port, served

AWAY_SECONDS = 5
SETTINGS = '{"store_retry_seconds": 0.5, "maximum_wait_seconds": 30}'
pytestmark = [pytest.mark.drill, pytest.mark.slow]


class Store:
    """A Redis that keeps what it holds when it is stopped."""

    def __init__(self, program, folder):
        self.port = free_port()
        self._command = [program, "--port", str(self.port), "--dir", str(folder), "--bind", "127.0.0.1"]
        self._command += ["--save", "", "--appendonly", "yes"]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self):
        try:
            return Redis(port=self.port).ping()
        except RedisError:
            return False

    def kill(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def store(tmp_path):
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    running = Store(program, tmp_path)
    try:
        write(tmp_path, {"type": "redis", "connection_string": f"127.0.0.1:{running.port}"})
        yield running
    finally:
        running.kill()


def knows(address):
    """Whether many connections, so every worker, are answered from the store."""
    asked = [httpx.post(address + PREDICT, json=BODY, timeout=10).json() for _ in range(10 * WORKERS)]
    return all(answer["predictions"][0]["fallback"] == "" for answer in asked)


def is_known(running):
    """Whether the latest answers, of every connection, rest on the store."""
    return all(answer.predictions[0]["fallback"] == "" for answer in running.answers[-2 * CONNECTIONS :])


@contextmanager
def asking(bento, store):
    own = {"ONLINE_STORE": f"redis://127.0.0.1:{store.port}/0", "SERVING_SETTINGS": SETTINGS}
    with served(bento, own, workers=WORKERS) as address:
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
        store.kill()
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
