"""Measurements of this checkout's code and of an older one's, each in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

PRESENT: Final = Path(__file__).parents[1]
"""This checkout."""


def measure_in(checkout: Path, work: ModuleType, what: str, source: Path, out: Path) -> dict[str, Any]:
    """What a module finds that runs by itself, with the code of a checkout, beside the folder ``out``.

    Args:
        checkout: Whose modules ``work`` imports.
        work: Ends by printing what it found as a JSON object on one line.
        what: Its first argument.
        source: Its second one: what is read.
        out: Its third one: where it may write.
    """
    command = [sys.executable, str(work.__file__), what, str(source), str(out)]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    # S603: our own module, on files that were just written.
    done = subprocess.run(command, env=environment, cwd=out.parent, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return json.loads(done.stdout.splitlines()[-1])


def gigabytes(found: Mapping[str, Any]) -> str:
    """The greatest memory of a measurement, as a table shows it."""
    return f"{found['memory'] / 1e9:.2f}"
