"""One process at a time: a lock on a file, which the kernel releases when its process ends."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from infrastructure.errors import RecommenderError

PATIENCE: Final = 5.0
"""Seconds to wait: the processes of a run that was just killed may take a moment to end."""


class AlreadyRunningError(RecommenderError):
    """Another run holds the workspace."""


@contextmanager
def exclusive_lock(path: Path, patience: float = PATIENCE) -> Generator[int]:
    """Hold the lock while the block runs; yields its file descriptor, for a child process to hold it too.

    The kernel releases the lock when the last process that holds it ends, however it ends.

    Raises:
        AlreadyRunningError: Another process holds it, and still does after ``patience`` seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        _take(file, path, patience)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()


def _take(file: IO[str], path: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                file.seek(0)
                raise AlreadyRunningError(
                    "Another run is going on in this workspace.",
                    where=str(path),
                    field="process",
                    value=file.read(),
                    expected="one run at a time: wait for that one, or end that process",
                ) from None
            time.sleep(0.1)
