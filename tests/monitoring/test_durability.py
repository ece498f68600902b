"""A collector that is killed at random moments under load: every event it answered for is there, once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from claimed_port import claimed_port

from monitoring.database import EVENT_LOG, database
from monitoring.logs import read_events
from recommender.workspace import Workspace

#: A thousand for the full trial: KILLS=1000 pytest tests/monitoring/test_durability.py
KILLS = int(os.environ.get("KILLS", "4"))
#: Has everything imported and forks a collector for each line that it is sent: to start one from nothing takes seconds.
NURSERY = """
import os
import signal
import sys
from pathlib import Path

import uvicorn
from monitoring.collector import Collector
from monitoring.database import database
from monitoring.impressions import ImpressionStore
from monitoring.store import EventLog
from recommender.config.monitoring import CollectorSettings
from recommender.workspace import Workspace

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        log = database(Workspace(Path(sys.argv[1])))
        shown = ImpressionStore(log) if log.file is None else None
        app = Collector(EventLog(log), CollectorSettings(), impressions=shown).app()
        uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
        os._exit(1)
    print(child, flush=True)
"""


class Sender(threading.Thread):
    """Sends batches, each again until it is answered for, and remembers what was."""

    def __init__(self, address, name, row):
        super().__init__(daemon=True)
        self.address, self.name, self.row = address, name, row
        self.acknowledged = []
        self.failed = True
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
        self.failed = False


@pytest.fixture
def port():
    with claimed_port() as port:
        yield port


@contextmanager
def nursery(folder, variables, port):
    command = [sys.executable, "-c", NURSERY, str(folder), str(port)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env={**os.environ, **variables}, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def started(nursery, port):
    """Id of a new collector's process, when it answers."""
    nursery.stdin.write("\n")
    nursery.stdin.flush()
    collector = int(nursery.stdout.readline())
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert Path(f"/proc/{collector}").exists(), "the collector ended by itself"
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).raise_for_status()
            return collector
        except httpx.HTTPError:
            time.sleep(0.01)
    pytest.fail("the collector does not get ready")


def killed(collector):
    """When the process is gone, its port is free."""
    os.kill(collector, signal.SIGKILL)
    while Path(f"/proc/{collector}").exists():
        time.sleep(0.001)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_was_acknowledged_survives_kill_9(tmp_path, port, row, kind, request):
    variables = {} if kind == "sqlite" else {EVENT_LOG: request.getfixturevalue("postgres_address")}
    senders = [Sender(f"http://127.0.0.1:{port}", f"s{i}", row) for i in range(3)]
    moments = random.Random(0)
    with nursery(tmp_path, variables, port) as collectors:
        collector = started(collectors, port)
        for sender in senders:
            sender.start()
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.1, 0.5))
            killed(collector)
            collector = started(collectors, port)
        for sender in senders:
            sender.stopping.set()
        for sender in senders:
            sender.join()
        killed(collector)
    logged = read_events(database(Workspace(tmp_path), variables))["event_id"]
    acknowledged = [event_id for sender in senders for event_id in sender.acknowledged]
    assert not any(sender.failed for sender in senders)
    assert len(acknowledged) > 5 * KILLS
    assert logged.is_unique
    assert set(acknowledged) <= set(logged)
