"""A PostgreSQL server of a test's own: a free port, a temporary folder, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _program(name: str) -> str:
    """A program of PostgreSQL's, where Debian puts it or on the path."""
    found = [*sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), shutil.which(name) or ""]
    if not found[0]:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found[0]


@contextmanager
def server() -> Generator[str]:
    """A running server; its SQLAlchemy URL."""
    # The server refuses to run as root: Debian's package has made a user for it.
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **user}
    try:
        data = str(folder / "data")
        subprocess.run([_program("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"], **options)
        flags = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        subprocess.run([_program("pg_ctl"), "-D", data, "-w", "-o", flags, "start"], **options)
        try:
            yield f"postgresql+psycopg://postgres:s3cret@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([_program("pg_ctl"), "-D", data, "-m", "immediate", "stop"], **options | {"check": False})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
