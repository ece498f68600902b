"""Rounds of monitoring in processes of their own, started at the same time: one retraining."""

import os
import subprocess
import sys
import time

import pandas as pd
import pytest
from kubeflow_server import KubeflowServer

from monitoring.triggers import TriggerBook
from recommender import columns as c
from recommender.data.tables import Tables
from recommender.workspace import Workspace

CONFIG = "monitoring: {retraining: {poll_seconds: 0.05}, trigger: {cooldown_hours: 0}}\n"
ROUNDS = 2


@pytest.fixture
def server():
    made = KubeflowServer()
    made.kept["experiments"]["e1"] = {"display_name": "shop"}
    made.versions["v1"] = {"pipeline_id": "p1", "display_name": "1"}
    made.states = ["RUNNING"]
    with made.running():
        yield made


@pytest.fixture
def workspace(tmp_path):
    """Of a shop whose champion is old enough to fire the trigger by its age alone."""
    (tmp_path / "shop.yaml").write_text("name: shop\nsynthetic: {}\n")
    (tmp_path / "config.yaml").write_text(CONFIG)
    workspace = Workspace(tmp_path / "var" / "shop")
    products = pd.DataFrame({c.PRODUCT_ID: ["a", "b"], c.NAME: ["A", "B"]})
    bought = pd.DataFrame(
        {
            c.TRANSACTION_ID: ["t1"],
            c.CUSTOMER_ID: ["c1"],
            c.PRODUCT_ID: ["a"],
            c.QUANTITY: 1,
            c.POSITION: 0,
            c.TIME: pd.to_datetime(["2025-01-01"], utc=True).as_unit("us"),
        }
    )
    Tables(products=products, transactions=bought).write(workspace.tables)
    workspace.promote({"version": "v1", "promoted_at": "2025-01-01T00:00:00+00:00"})
    return workspace


def a_round(folder, endpoint):
    variables = {
        "KFP_ENDPOINT": endpoint,
        "KFP_EXPERIMENT_ID": "e1",
        "KFP_PIPELINE_ID": "p1",
        "KFP_PIPELINE_VERSION_ID": "v1",
    }
    command = [sys.executable, "-m", "monitoring", "monitor", "--source", "shop.yaml", "--config", "config.yaml"]
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
    records = TriggerBook(workspace.triggers).records()
    assert [record["decision"]["reasons"].keys() >= {"age"} for record in records] == [True] * ROUNDS
    assert sorted("busy" in record["decision"]["blocks"] for record in records) == [False, True]
    assert [record["outcome"] for record in records if "outcome" in record] == ["failed"]
