"""Several years at once, in processes of their own: one simulation at a time, and none that nobody waits for."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from rich.console import Console

from benchmarks.simulated_year.plan import YearPlan
from benchmarks.simulated_year.run import simulate_year
from benchmarks.simulated_year.simulated_shop import NAME
from infrastructure.file_lock import AlreadyRunningError, exclusive_lock
from infrastructure.workspace import Workspace
from tests.support.paths import ROOT

PATIENCE = 60

STARTER = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from benchmarks.simulated_year.run import end_with_the_parent

if __name__ == "__main__":
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=end_with_the_parent) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600)
        time.sleep(600)
"""


def test_there_is_one_simulation_at_a_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with exclusive_lock(Workspace.named(NAME).lock), pytest.raises(AlreadyRunningError):
        simulate_year(YearPlan(weeks=1), Console(), None)


def test_workers_end_with_whoever_started_them(tmp_path):
    script = tmp_path / "starter.py"
    script.write_text(STARTER)
    variables = os.environ | {"PYTHONPATH": str(ROOT)}  # benchmarks are not installed
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as starter:
        worker = int(starter.stdout.readline())
        assert is_running(worker)
        starter.send_signal(signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while is_running(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(worker)


def is_running(process):
    """Whether it has not ended; one that nobody has collected has."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
