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
