"""More is asked than can be answered, or there is no room for what ought to be written."""

import os
import signal
import subprocess
from contextlib import contextmanager

import httpx
import psutil
import pytest

from serving.packaging.process import serve_bento
from tests.support.drilling import BODY, CONNECTIONS, PREDICT, WORKERS, counted, traffic, wait_until, workers

pytestmark = [pytest.mark.drill, pytest.mark.slow]


def test_ten_times_the_load_is_refused_in_order_and_leaves_no_backlog(bento, note):
    settings = f'{{"maximum_waiting": {CONNECTIONS // WORKERS}, "maximum_wait_seconds": 30, "remembered_answers": 0}}'
    with serve_bento(bento, {"SERVING_SETTINGS": settings}, workers=WORKERS) as address:
        with traffic(address, connections=10 * CONNECTIONS) as running:
            running.wait_for(500)
        recovery = wait_until(lambda: httpx.post(address + PREDICT, json=BODY, timeout=10).status_code == 200)
        after = [httpx.post(address + PREDICT, json=BODY, timeout=10).status_code for _ in range(50)]

    assert not running.failed
    assert running.refused
    assert all(int(answer.retry_after) >= 1 for answer in running.refused)
    assert any(answer.status == 200 for answer in running.answers)
    assert after == [200] * 50
    note(running.figures("10 × overload", recovery))


@contextmanager
def small_disk(folder):
    """A file system of 256 KiB; skips where none may be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a full disk needs the right to mount one: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_costs_counted_impressions_and_no_response(bento, tmp_path, note):
    settings = '{"impressions_flush_seconds": 0.1, "maximum_wait_seconds": 30, "remembered_answers": 0}'
    dropped = 'recommender_impressions_total{outcome="dropped"}'
    with small_disk(tmp_path) as disk:
        own = {"IMPRESSIONS_LOG": str(disk / "log.db"), "SERVING_SETTINGS": settings}
        with serve_bento(bento, own, workers=WORKERS) as address, traffic(address) as running:
            wait_until(lambda: counted(address, dropped) > 100)
            running.wait_for(100)

    assert not running.failed
    assert not running.refused
    note(running.figures("full disk for the log"))


def connections(address):
    """How many connections to the Bento each worker holds."""
    port = httpx.URL(address).port
    held = {pid: psutil.Process(pid).connections() for pid in workers()}
    return {
        pid: sum(one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port for one in found)
        for pid, found in held.items()
    }


def test_a_worker_that_started_too_late_for_a_connection_gets_its_share(bento, note):
    settings = '{"maximum_wait_seconds": 30, "remembered_answers": 0}'
    with serve_bento(bento, {"SERVING_SETTINGS": settings}, workers=WORKERS) as address:
        late, *_ = workers()
        os.kill(late, signal.SIGSTOP)
        with traffic(address) as running:
            before = connections(address)
            os.kill(late, signal.SIGCONT)
            recovery = wait_until(lambda: min(connections(address).values()) >= CONNECTIONS // 4)

    assert before[late] == 0
    assert not running.failed
    assert not running.refused
    note(running.figures("all connections at one of two workers", recovery))
