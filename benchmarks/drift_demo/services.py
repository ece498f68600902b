"""Endpoint and collector as processes that are started for the demonstration and stopped with it."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from infrastructure.errors import RecommenderError
from serving.packaging.process import free_port, running_server

READY_SECONDS: Final = 90.0


class ServiceError(RecommenderError):
    """A service does not become ready."""


@contextmanager
def running_service(command: str, options: Sequence[str], log: Path, health: str) -> Generator[str]:
    """Run ``beauty serve`` or ``collect`` with these options on a free port; yields the address once it is ready.

    Raises:
        ServiceError: It does not become ready.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log.parent.mkdir(parents=True, exist_ok=True)
    service = running_server(
        [sys.executable, "-m", "beauty", command, *options, "--port", str(port)],
        log,
        READY_SECONDS,
        is_ready=lambda: httpx.get(address + health, timeout=1).is_success,
        error=lambda last: ServiceError(f"It does not become ready; its log ends with:\n{last}", where=str(log)),
        # Ctrl-C reaches the demonstration alone, which stops it.
        start_new_session=True,
    )
    with service:
        yield address
