"""Runs a compiled pipeline as its runner does, by a process that is told its arguments."""

import json
import os
import subprocess
import sys


def run_here(pipeline, folder, **arguments):
    """Run the file ``pipeline``, with its artifacts in ``folder/root``; returns what it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.local", str(pipeline)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        cwd=folder,
        start_new_session=True,
    )
    process.stdin.write(json.dumps({**arguments, "pipeline_root": str(folder / "root")}).encode() + b"\n")
    process.stdin.flush()
    said = process.stdout.read().decode()
    process.wait()
    assert process.returncode == 0, said[-3000:]
    return said
