"""Killed at whichever write, an erasure that is begun again ends as one that nobody disturbed."""

import os
import shutil
import signal
import sqlite3
import warnings
from pathlib import Path

import pytest

from benchmarks.erasures.rows import WorkspaceRows
from benchmarks.erasures.shop import OddShop
from benchmarks.erasures.workspace import SALT, write_workspace
from infrastructure.files import read_json
from infrastructure.workspace import Workspace
from privacy.erasure import erase_customer

SHOP = OddShop(("7", "ann", "view"), ("7", "ann"))
STEP = 4
"""Every how many steps a process is killed."""


class CountedSteps:
    """Counts steps, and kills the process before one of them."""

    def __init__(self, last):
        self.last, self.made = last, 0

    def __call__(self):
        self.made += 1
        if self.made == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def counted(step, function):
    def made(*arguments, **named):
        step()
        return function(*arguments, **named)

    return made


def patch(step):
    """Have every write begin with a step: to files, of folders, and each statement and the end of a database's work."""

    class Connection(sqlite3.Connection):
        execute = counted(step, sqlite3.Connection.execute)
        commit = counted(step, sqlite3.Connection.commit)

    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **named: connect(*arguments, **{**named, "factory": Connection})
    os.fsync = counted(step, os.fsync)
    os.rmdir, os.unlink = counted(step, os.rmdir), counted(step, os.unlink)
    Path.replace, Path.rename = counted(step, Path.replace), counted(step, Path.rename)


def erased_until(workspace, last, report=None):
    """Erase in a process of its own that is killed at a step; returns whether it came to its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
        child = os.fork()
    if child == 0:
        step = CountedSteps(last)
        patch(step)
        erase_customer(workspace, "7", SALT)
        if report:
            report.write_text(str(step.made))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def state(workspace):
    """Every row and file, and the report without its times and names."""
    (report,) = workspace.erasures.iterdir()
    record = {key: value for key, value in read_json(report).items() if key in ("removed", "left", "mentions")}
    names = sorted(path.relative_to(workspace.root).as_posix() for path in workspace.root.rglob("*"))
    hidden = [name for name in names if ".partial-" in name]
    return WorkspaceRows(SHOP, workspace).read(), record, hidden, len(names)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("written") / "shop")
    write_workspace(SHOP, workspace)
    return workspace


@pytest.mark.slow
def test_killed_at_any_write_and_begun_again_it_ends_the_same(written, tmp_path):
    shutil.copytree(written.root, tmp_path / "whole")
    assert erased_until(Workspace(tmp_path / "whole"), 0, tmp_path / "steps")
    steps, wanted = int((tmp_path / "steps").read_text()), state(Workspace(tmp_path / "whole"))
    assert steps > 100
    assert wanted[2] == []
    for last in range(1, steps, STEP):
        workspace = Workspace(tmp_path / f"killed{last}")
        shutil.copytree(written.root, workspace.root)
        assert not erased_until(workspace, last)
        assert erased_until(workspace, 0)
        assert state(workspace) == wanted, last
        shutil.rmtree(workspace.root)


def test_killed_several_times_it_still_ends_the_same(written, tmp_path):
    whole, killed = Workspace(tmp_path / "whole"), Workspace(tmp_path / "killed")
    for workspace in (whole, killed):
        shutil.copytree(written.root, workspace.root)
    for last in (100, 60, 30):
        assert not erased_until(killed, last)
    assert erased_until(killed, 0)
    assert erased_until(whole, 0)
    assert state(killed) == state(whole)
