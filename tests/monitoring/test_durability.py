"""A collector that is killed at random moments under load: every event it answered for is there, once."""

import random
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from monitoring.logs import read_events

KILLS = 4
SERVE = """
import sys
from pathlib import Path

import uvicorn
from monitoring.collector import Collector
from monitoring.store import EventLog
from recommender.config.monitoring import CollectorSettings

app = Collector(EventLog(Path(sys.argv[1])), CollectorSettings()).app()
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""


class Sender(threading.Thread):
    """Sends batches, each again until it is answered for, and remembers what was."""

    def __init__(self, address, name, row):
        super().__init__(daemon=True)
        self.address, self.name, self.row = address, name, row
        self.acknowledged = []
        self.stopping = threading.Event()

    def run(self):
        batch = 0
        with httpx.Client(base_url=self.address, timeout=5) as client:
            while not self.stopping.is_set():
                ids = [f"{self.name}-{batch}-{i}" for i in range(5)]
                try:
                    answer = client.post("/v1/events", json={"events": [self.row(event_id) for event_id in ids]})
                except httpx.TransportError:
                    time.sleep(0.02)
                    continue
                assert answer.json()["accepted"] + answer.json()["duplicates"] == len(ids)
                self.acknowledged += ids
                batch += 1


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(log, port):
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(log), str(port)])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=1).raise_for_status()
            return process
        except httpx.HTTPError:
            time.sleep(0.05)
    process.kill()
    pytest.fail("the collector does not get ready")


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9(tmp_path, port, row):
    log = tmp_path / "log.db"
    senders = [Sender(f"http://127.0.0.1:{port}", f"s{i}", row) for i in range(3)]
    collector = started(log, port)
    for sender in senders:
        sender.start()
    moments = random.Random(0)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.1, 0.5))
        collector.kill()
        collector.wait()
        collector = started(log, port)
    for sender in senders:
        sender.stopping.set()
    for sender in senders:
        sender.join()
    collector.kill()
    collector.wait()
    logged = read_events(log)["event_id"]
    acknowledged = [event_id for sender in senders for event_id in sender.acknowledged]
    assert len(acknowledged) > 5 * KILLS
    assert logged.is_unique
    assert set(acknowledged) <= set(logged)
