"""A PostgreSQL of one's own, from Debian's package."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers.claimed_port import claimed_port

DEBIAN = Path("/usr/lib/postgresql")


@contextmanager
def server():
    """Yields the address of an empty server; skips where the program is missing."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="postgres"))
    try:
        _own(folder)
        _run(programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "test", "--no-sync")
        with claimed_port() as port, _running(programs, folder, port):
            yield f"postgresql://test@127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(programs, folder, port):
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-o", options, "-w", "start")
    try:
        yield
    finally:
        _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def _programs():
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return next((version / "bin" for version in sorted(DEBIAN.glob("*"), reverse=True)), None)


def _own(folder):
    """PostgreSQL does not run as root: then its files and processes are the package's user's."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def _run(*command):
    user = (
        {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/", **user)
