"""One exposition for all workers: it counts those that live."""

import subprocess
import sys

import pytest

from serving.observability import metrics

WORKER = """
import sys
from serving.observability import metrics
metrics.LOADED.labels("champion").set(1)
metrics.REQUESTS.labels("v1", "200").inc()
print("loaded", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def workers(tmp_path, monkeypatch):
    """Two processes that hold a model."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    command = [sys.executable, "-c", WORKER]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    assert [worker.stdout.readline() for worker in running] == [b"loaded\n"] * 2
    yield running
    for worker in running:
        worker.kill()
        worker.communicate()


def test_a_killed_worker_is_removed_from_the_gauges_and_its_counts_stay(workers):
    assert 'recommender_model_loaded{variant="champion"} 2.0' in metrics.exposition().decode()

    workers[0].kill()
    workers[0].wait()

    for _ in range(2):
        text = metrics.exposition().decode()
        assert 'recommender_model_loaded{variant="champion"} 1.0' in text
        assert 'recommender_requests_total{protocol="v1",status="200"} 2.0' in text
