"""One process at a time: a file that the kernel holds for whoever has it."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from infrastructure.errors import RecommenderError

PATIENCE: Final = 5.0
"""Seconds to wait for the processes of a run that was just killed to be gone."""


class BusyError(RecommenderError):
    """Another run is going on in the workspace."""


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Generator[int]:
    """Hold the lock file while the block runs; yields its descriptor, for a child to hold too.

    The kernel lets the lock go when the last process that holds it ends, however it ends.

    Raises:
        BusyError: Another process holds it, and still does after ``patience`` seconds.
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
                raise BusyError(
                    "Another run is going on in this workspace.",
                    where=str(path),
                    field="process",
                    value=file.read(),
                    expected="one run at a time: wait for that one, or end that process",
                ) from None
            time.sleep(0.1)
