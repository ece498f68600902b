"""What is printed for a person to paste is safe to paste."""

import json
import shlex
import subprocess

import pandas as pd
import pytest

from infrastructure.workspace import Workspace
from pipelines.summary import example_call

IDS = [
    "c000001",
    "auth0|507f",
    "'; touch pwned; '",
    '"}; touch pwned',
    "$(touch pwned)",
    "`touch pwned`",
    "a\\b",
    "é 7",
]


@pytest.mark.parametrize("customer", IDS)
def test_the_example_call_asks_for_the_customer_and_runs_nothing_else(customer, tmp_path):
    workspace = Workspace(tmp_path / "shop")
    workspace.tables.mkdir(parents=True)
    pd.DataFrame({"customer_id": [customer]}).to_parquet(workspace.tables / "transactions.parquet")
    command = example_call(workspace, 3000)
    body = json.loads(shlex.split(command)[-1])
    assert body["instances"][0]["customer_id"] == customer
    script = f'curl() {{ printf %s "${{@: -1}}"; }}; {command}'
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == body
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
