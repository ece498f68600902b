import subprocess
import sys
import time

import pytest

from infrastructure.file_lock import AlreadyRunningError, exclusive_lock

HOLD = "import sys, time; from pathlib import Path; from infrastructure.file_lock import exclusive_lock\n"
HOLD += "with exclusive_lock(Path(sys.argv[1])):\n  print('held', flush=True); time.sleep(60)"


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path / "lock"], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_run_is_refused_and_told_who_has_the_lock(holder, tmp_path):
    with (
        pytest.raises(AlreadyRunningError, match="Another run") as error,
        exclusive_lock(tmp_path / "lock", patience=0.2),
    ):
        pass
    assert error.value.value == str(holder.pid)


def test_the_lock_of_a_killed_run_is_free_at_once(holder, tmp_path):
    holder.kill()
    began = time.monotonic()
    with exclusive_lock(tmp_path / "lock"):
        assert time.monotonic() - began < 2


def test_the_lock_is_free_after_the_block(tmp_path):
    for _ in range(2):
        with exclusive_lock(tmp_path / "lock", patience=0):
            pass
