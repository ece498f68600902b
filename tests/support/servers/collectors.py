"""Collectors in processes of their own, for tests that kill them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

#: Has everything imported and forks a collector for each line that it is sent: to start one from nothing takes seconds.
NURSERY = """
import os
import signal
import sys
from pathlib import Path

import uvicorn
from feedback.collector import Collector
from feedback.database import database
from feedback.impressions import ImpressionStore
from feedback.event_log import EventLog
from settings.monitoring import CollectorSettings
from infrastructure.workspace import Workspace

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
