"""Servers in processes of their own: started, waited for and stopped; a Bento folder served so."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import psutil

from infrastructure.errors import BundleError

READY_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 15.0
_KILLED_SECONDS: Final = 10.0
_LOG_LINES: Final = 15


def serve_command(bento: Path) -> list[str]:
    """The command that serves the Bento in ``bento`` on ``PORT``."""
    return [sys.executable, "-m", "bentoml", "serve", str(bento)]


def serve_variables(changes: Mapping[str, str], bentoml_home: Path) -> dict[str, str]:
    """The present environment with ``changes``, for a process that serves a Bento.

    Each worker has one thread: several would wait for each other's cores. BentoML neither reports its use nor writes
    to ``~``, and Python leaves no byte code in the Bento, which would no longer be the one that was built.
    """
    fixed = {
        "BENTOML_DO_NOT_TRACK": "True",
        "BENTOML_HOME": str(bentoml_home),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {**os.environ, **fixed, **changes}


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serve_bento(bento: Path, variables: Mapping[str, str] | None = None, *, workers: int = 1) -> Generator[str]:
    """Serve a Bento on a free port, yield its address once it is ready, and stop it.

    ``variables`` are those of :mod:`serving.server.environment`.

    Raises:
        BundleError: It does not get ready within a minute; the error ends with the last lines of its log.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    fixed = {"PORT": str(port), "BENTOML_CONFIG_OPTIONS": f"services.recommender.workers={workers}"}
    with tempfile.TemporaryDirectory() as scratch:
        process = running_server(
            serve_command(bento),
            Path(scratch) / "log",
            READY_SECONDS,
            is_ready=lambda: httpx.get(f"{address}/v2/health/ready", timeout=1).is_success,
            error=lambda log: BundleError(f"The Bento does not get ready to answer; it said:\n{log}"),
            env=serve_variables({**(variables or {}), **fixed}, Path(scratch) / "home"),
        )
        with process:
            yield address


@contextmanager
def running_server(
    command: Sequence[str],
    log: Path,
    seconds: float,
    *,
    is_ready: Callable[[], bool],
    error: Callable[[str], Exception],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    start_new_session: bool = False,
) -> Generator[subprocess.Popen[bytes]]:
    """Start a server that prints to ``log``, run the block once it is ready, and stop it with its workers.

    Raises:
        Exception: What ``error`` makes of the log's last lines: it is not ready within these seconds.
    """
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 (our own interpreters)
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=start_new_session,
        ) as process,
    ):
        try:
            if not _becomes_ready(process, seconds, is_ready):
                raise error("\n".join(log.read_text(errors="replace").splitlines()[-_LOG_LINES:]))
            yield process
        finally:
            _stop(process)
            if start_new_session:
                _end_session(process.pid)


def _becomes_ready(process: subprocess.Popen[bytes], seconds: float, is_ready: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.HTTPError):
            if is_ready():
                return True
        time.sleep(0.1)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers.

    They have no session of their own: ending this process's group, as the pipeline's runner does, ends them too.
    """
    processes = [*_workers(process.pid), process] if process.poll() is None else []
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
    finally:
        for each in processes:
            with suppress(psutil.NoSuchProcess):  # it ended by itself; the others must still end
                each.kill()


def _end_session(session: int) -> None:
    """End what is left of a session: of a server that ended by itself, workers may go on."""
    left = [each for each in psutil.process_iter() if _session_of(each) == session]
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)
    deadline = time.monotonic() + _KILLED_SECONDS
    # A killed process runs on until the kernel gets round to it; whoever adopted it buries it when it likes.
    while any(map(_runs, left)) and time.monotonic() < deadline:
        time.sleep(0.01)


def _session_of(process: psutil.Process) -> int | None:
    with suppress(ProcessLookupError, PermissionError):
        return os.getsid(process.pid)
    return None


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def _workers(pid: int) -> list[psutil.Process]:
    """All processes below one; none where it has ended."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []
