"""The process group in which a pipeline's steps run, started and ended as a whole."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_FIXED: Final = {
    "PYTHONUNBUFFERED": "1",
    # kfp.local orders steps that could go either way by their hash.
    "PYTHONHASHSEED": "0",
}


@contextmanager
def pipeline_process(
    compiled: Path, arguments: Mapping[str, str], environment: Mapping[str, str], log: Path, lock: int
) -> Generator[subprocess.Popen[bytes]]:
    """Start ``pipelines.local`` in a group of its own; when the block ends, nothing of the group is left.

    The group inherits this environment with ``environment`` added, prints to ``log``, and holds the workspace's lock.
    """
    with log.open("ab") as output, tempfile.TemporaryDirectory(prefix="pipeline-") as scratch:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "pipelines.local", str(compiled)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment, "TMPDIR": scratch, **_FIXED},
            start_new_session=True,
            pass_fds=[lock],
        )
        try:
            _send(process, arguments)
            yield process
        finally:
            _end(process)


def _send(process: subprocess.Popen[bytes], arguments: Mapping[str, str]) -> None:
    """One line; the pipe then stays open for as long as this process lives."""
    if process.stdin is None:
        raise ValueError("The process has no standard input.")
    process.stdin.write(json.dumps(dict(arguments)).encode() + b"\n")
    process.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
