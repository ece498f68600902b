"""A collector that is killed at random moments under load: every event it answered for is there, once."""

import os
import random
import threading
import time

import httpx
import pytest

from feedback.database import EVENT_LOG, database
from feedback.log_reader import read_events
from infrastructure.workspace import Workspace
from tests.support.servers.collectors import killed, nursery, started

#: A thousand for the full trial: KILLS=1000 pytest tests/feedback/test_durability.py
KILLS = int(os.environ.get("KILLS", "4"))


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
