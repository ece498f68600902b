"""Endpoint and collector as processes that are started for the demonstration and stopped with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx

from infrastructure.errors import RecommenderError
from serving.packaging.process import free_port

READY_SECONDS: Final = 90.0
STOP_SECONDS: Final = 10.0
_LOG_LINES: Final = 15


class ServiceError(RecommenderError):
    """A service does not become ready."""


@contextmanager
def serving(options: Sequence[str], log: Path) -> Generator[str]:
    """Serve the champion of ``options``'s source on a free port; yields the address once it is ready."""
    port = free_port()
    with _service("serve", [*options, "--port", str(port)], log, f"http://127.0.0.1:{port}/v2/health/ready"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def collecting(options: Sequence[str], log: Path) -> Generator[str]:
    """Collect events of ``options``'s source on a free port; yields the address once it is ready."""
    port = free_port()
    with _service("collect", [*options, "--port", str(port)], log, f"http://127.0.0.1:{port}/health/ready"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _service(command: str, options: Sequence[str], log: Path, ready: str) -> Generator[None]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
            [sys.executable, "-m", "beauty", command, *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            _wait_until_ready(process, ready, log)
            yield
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(address):
            return
        time.sleep(0.2)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_LINES:])
    raise ServiceError(f"A service does not become ready; its log ends with:\n{last}", where=str(log))


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=1).is_success
    except httpx.HTTPError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the service and its workers, which are in the same session."""
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
