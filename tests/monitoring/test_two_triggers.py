"""Rounds of monitoring in processes of their own, started at the same time: one retraining."""

import os
import subprocess
import sys
import time

import pytest

from monitoring.decision_log import DecisionLog
from tests.support.old_champion import shop_with_an_old_champion
from tests.support.servers.kubeflow_server import IDS, running_server

CONFIG = "monitoring: {retraining: {poll_seconds: 0.05}, trigger: {cooldown_hours: 0}}\n"
ROUNDS = 2


@pytest.fixture
def server():
    with running_server(states=["RUNNING"]) as made:
        yield made


@pytest.fixture
def workspace(tmp_path):
    return shop_with_an_old_champion(tmp_path, CONFIG)


def a_round(folder, endpoint):
    variables = {"KFP_ENDPOINT": endpoint, **IDS}
    command = [sys.executable, "-m", "beauty", "monitor", "--source", "shop.yaml", "--config", "config.yaml"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=folder, env={**os.environ, **variables}, **pipes)


def wait_for(condition, rounds):
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        assert any(one.poll() is None for one in rounds), [one.communicate()[0] for one in rounds]
        time.sleep(0.05)


@pytest.mark.slow
def test_of_rounds_that_fire_at_once_one_starts_a_run(tmp_path, workspace, server):
    rounds = [a_round(tmp_path, server.url) for _ in range(ROUNDS)]
    # All have decided before the one run ends: a later round would be another evidence's matter.
    wait_for(lambda: len(list(workspace.triggers.glob("*.json"))) == ROUNDS and server.runs, rounds)
    for run in server.runs:
        run["state"] = "FAILED"
    said = [one.communicate(timeout=120)[0] for one in rounds]
    assert [one.returncode for one in rounds] == [0] * ROUNDS, said
    assert len(server.runs) == 1
    records = DecisionLog(workspace.triggers).records()
    assert [record["decision"]["reasons"].keys() >= {"age"} for record in records] == [True] * ROUNDS
    assert sorted("busy" in record["decision"]["blocks"] for record in records) == [False, True]
    assert [record["outcome"] for record in records if "outcome" in record] == ["failed"]
