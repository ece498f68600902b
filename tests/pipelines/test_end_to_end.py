"""The real pipeline on a very small synthetic shop, as a person starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infrastructure.errors import BundleError
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import RunOutcome
from recommender.models.bundle import Bundle

pytestmark = pytest.mark.slow

SOURCE = "name: tiny\nsynthetic: {seed: 1, customers: 250, products: 120, days: 200, end: 2025-06-30}\n"
CONFIG = "model: {ranker: {trees: 5}}\n"
# The same shop's name, so the same workspace, but a file that is not there.
BROKEN = """
name: tiny
tables:
  products: {file: nowhere.csv, columns: {product_id: id, name: name}}
  transactions: {file: nowhere.csv, columns: {customer_id: c, product_id: p, time: t}}
"""


def start(folder: Path, source: str = "source.yaml") -> subprocess.Popen:
    command = [sys.executable, "-m", "beauty", "run", "--source", source, "--config", "config.yaml", "--no-serve"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    for name, text in {"source.yaml": SOURCE, "config.yaml": CONFIG, "broken.yaml": BROKEN}.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def killed(folder):
    """A run that was killed in the middle of training."""
    process = start(folder)
    for line in process.stdout:
        if line.split()[2:4] == ["train", "..."]:
            break
    time.sleep(1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return Workspace(folder / "var" / "tiny")


@pytest.fixture(scope="module")
def said(folder, killed):
    """What the run after it said, which completed."""
    assert killed.champion() is None
    process = start(folder)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def workspace(folder, said):  # noqa: ARG001 - there is one only after the run
    return Workspace(folder / "var" / "tiny")


def test_the_run_after_a_killed_one_ends_with_a_champion(workspace):
    states = {outcome.run_id: outcome.state for run in workspace.runs.iterdir() if (outcome := RunOutcome.read(run))}
    assert sorted(states.values()) == ["interrupted", "succeeded"]
    champion = workspace.champion()
    assert states[champion["run_id"]] == "succeeded"
    assert Bundle.open(workspace.root / champion["bundle"]).version == champion["version"]
    assert (workspace.root / champion["bento"] / "bento.yaml").is_file()
    Bundle.open(workspace.root / champion["judged"])


def test_the_summary_says_what_came_of_it_and_where_it_is(said, workspace):
    for part in ("Held-out test", "ndcg@10", "quarantined", f"New champion: {workspace.champion()['version']}"):
        assert part in said
    places = [line.split()[-1] for line in said.splitlines() if "var/tiny/" in line and line.startswith("  ")]
    assert len(places) == 5
    assert all((workspace.root.parent.parent / place).is_file() for place in places)


def test_every_step_said_when_it_was_done(said):
    steps = {line.split()[2] for line in said.splitlines() if " done in " in line}
    assert steps == {
        *("ingest", "prepare", "explore", "features", "publish", "split", "train"),
        *("evaluate", "gate", "package", "smoke-test", "deploy", "record"),
    }


def test_rows_read_are_rows_kept_and_rows_quarantined(workspace):
    rows = json.loads((workspace.run(workspace.champion()["run_id"]) / "rows.json").read_text())
    assert rows
    for counts in rows.values():
        assert counts["read"] == counts["kept"] + counts["quarantined"]


def test_a_failed_run_tells_the_mistake_and_leaves_the_champion(folder, workspace):
    before = workspace.champion_file.read_bytes()
    process = start(folder, "broken.yaml")
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 1
    assert "nowhere.csv" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) < 15
    assert workspace.champion_file.read_bytes() == before
    assert any(outcome.state == "failed" for run in workspace.runs.iterdir() if (outcome := RunOutcome.read(run)))


def test_a_damaged_bundle_is_never_taken_for_whole(workspace):
    bundle = workspace.root / workspace.champion()["bundle"]
    part = max(bundle.rglob("*.npy"), key=lambda path: path.stat().st_size)
    content = part.read_bytes()
    part.write_bytes(content[:-1])
    with pytest.raises(BundleError):
        Bundle.open(bundle)
    part.write_bytes(content)
