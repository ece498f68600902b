import subprocess
import sys

import psutil
import pytest

from serving.packaging import process

#: Says that it is ready, and does not end when it is asked to.
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


class Gone:
    """A worker that ended between being found and being killed."""

    def kill(self):
        raise psutil.NoSuchProcess(1)


@pytest.fixture
def server():
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        started.stdout.readline()
        try:
            yield started
        finally:
            started.kill()


def children(found):
    def listed(self, recursive=False):  # noqa: ARG001
        if found is None:
            raise psutil.NoSuchProcess(self.pid)
        return found

    return listed


@pytest.mark.parametrize("found", [[Gone()], None])
def test_a_server_is_killed_even_if_its_workers_have_ended(server, monkeypatch, found):
    monkeypatch.setattr(process, "_STOP_SECONDS", 0.1)
    monkeypatch.setattr(psutil.Process, "children", children(found))

    process._stop(server)

    assert server.wait(10) == -9


LEAVES_A_WORKER = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(2)
"""


def test_workers_of_a_server_that_ended_by_itself_end_with_its_session(tmp_path):
    log = tmp_path / "log"
    server = process.running_server(
        [sys.executable, "-c", LEAVES_A_WORKER],
        log,
        20,
        is_ready=lambda: log.read_text().strip().isdigit(),
        error=RuntimeError,
        start_new_session=True,
    )
    with server as started:
        started.wait(20)
        worker = int(log.read_text())
        assert psutil.pid_exists(worker)
    # Whoever adopted it may not have buried it yet.
    assert not psutil.pid_exists(worker) or psutil.Process(worker).status() == psutil.STATUS_ZOMBIE
