"""A collector that is killed at random moments under load: every event it answered for is there, once."""

import os
import random
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from monitoring.database import EVENT_LOG, database
from monitoring.logs import read_events
from recommender.workspace import Workspace

#: A thousand for the full trial: KILLS=1000 pytest tests/monitoring/test_durability.py
KILLS = int(os.environ.get("KILLS", "4"))
SERVE = """
import sys
from pathlib import Path

import uvicorn
from monitoring.collector import Collector
from monitoring.database import database
from monitoring.store import EventLog
from recommender.config.monitoring import CollectorSettings
from recommender.workspace import Workspace

app = Collector(EventLog(database(Workspace(Path(sys.argv[1])))), CollectorSettings()).app()
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


def started(folder, variables, port):
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(folder), str(port)], env={**os.environ, **variables})
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
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_was_acknowledged_survives_kill_9(tmp_path, port, row, kind, request):
    variables = {} if kind == "sqlite" else {EVENT_LOG: request.getfixturevalue("postgres_address")}
    senders = [Sender(f"http://127.0.0.1:{port}", f"s{i}", row) for i in range(3)]
    collector = started(tmp_path, variables, port)
    for sender in senders:
        sender.start()
    moments = random.Random(0)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.1, 0.5))
        collector.kill()
        collector.wait()
        collector = started(tmp_path, variables, port)
    for sender in senders:
        sender.stopping.set()
    for sender in senders:
        sender.join()
    collector.kill()
    collector.wait()
    logged = read_events(database(Workspace(tmp_path), variables))["event_id"]
    acknowledged = [event_id for sender in senders for event_id in sender.acknowledged]
    assert len(acknowledged) > 5 * KILLS
    assert logged.is_unique
    assert set(acknowledged) <= set(logged)
