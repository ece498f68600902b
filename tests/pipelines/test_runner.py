import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deployment.canary_pointer import canary_name, set_canary
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import RunOutcome
from pipelines import runner
from pipelines.run_estimate import Durations, Size
from pipelines.runner import RunFailedError, TrainingRun
from settings.config import Config
from settings.experiment import ExperimentSettings
from tests.support.paths import ROOT
from tests.support.runs import Silent, run_of
from tests.support.tiny_pipelines import compile_tiny

DRIVE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it from birth
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pipelines import runner
from tests.support.runs import Silent, run_of
runner.TRAINING = Path(sys.argv[2])
run_of("hang", Path(sys.argv[3])).execute(Silent())
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    return compile_tiny(tmp_path_factory.mktemp("compiled"))


@pytest.fixture(autouse=True)
def tiny_pipeline(compiled, monkeypatch):
    monkeypatch.setattr(runner, "TRAINING", compiled)


def test_a_run_follows_its_steps_and_keeps_everything_they_said(tmp_path):
    run, display = run_of("good", tmp_path), Silent()
    outcome = run.execute(display)
    assert outcome.state == "succeeded"
    assert [e.step for e in display.events if e.kind == "finished"] == ["first", "second", "record"]
    assert next(e.figures for e in display.events if e.kind == "note") == {"rows": 1}
    assert "first note read rows=1" in run.log.read_text()
    assert (tmp_path / "deployed").exists()


def test_a_refusal_of_the_gate_ends_well_and_deploys_nothing(tmp_path):
    assert run_of("refuse", tmp_path).execute(Silent()).state == "succeeded"
    assert not (tmp_path / "deployed").exists()


def test_a_users_mistake_is_told_as_the_step_told_it(tmp_path):
    run = run_of("mistake", tmp_path)
    with pytest.raises(RunFailedError) as error:
        run.execute(Silent())
    assert str(error.value) == "Column missing.\n  where: a.csv\n  field: price"
    assert RunOutcome.read(run.folder).state == "failed"
    assert RunOutcome.read(run.folder).error == str(error.value)
    assert "Traceback" in run.log.read_text()
    assert not (tmp_path / "deployed").exists()


def test_a_bug_is_told_in_two_lines_with_the_path_of_the_log(tmp_path):
    run = run_of("bug", tmp_path)
    with pytest.raises(RunFailedError) as error:
        run.execute(Silent())
    first, second = str(error.value).splitlines()
    assert first == "The step 'first' failed: ValueError: unexpected"
    assert str(run.log) in second


def test_a_step_that_was_killed_is_named(tmp_path):
    run = run_of("killed", tmp_path)
    with pytest.raises(RunFailedError, match="'first' was killed"):
        run.execute(Silent())
    assert RunOutcome.read(run.folder).state == "failed"
    assert not (tmp_path / "deployed").exists()


@pytest.mark.parametrize("signal_sent", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_killed_run_leaves_no_process_and_the_next_one_completes(tmp_path, compiled, signal_sent):
    drive = [sys.executable, "-c", DRIVE, str(ROOT), str(compiled), str(tmp_path)]
    process = subprocess.Popen(drive, stderr=subprocess.DEVNULL)
    _wait_for(lambda: (tmp_path / "hanging").exists())
    process.send_signal(signal_sent)
    process.wait(timeout=10)
    assert process.returncode != 0
    _wait_for(lambda: not _processes_naming(str(tmp_path)))
    assert run_of("good", tmp_path).execute(Silent()).state == "succeeded"
    assert RunOutcome.read(tmp_path / "runs" / "run-hang").state == "interrupted"


def test_only_the_artifacts_of_the_latest_runs_stay(tmp_path):
    for number in range(5):
        run = TrainingRun(Path("good"), Config(), Workspace(tmp_path), f"run-{number}")
        run.execute(Silent())
    assert len(list((tmp_path / "pipeline").iterdir())) == runner.KEPT_RUNS
    assert len(list((tmp_path / "runs").iterdir())) == 5


def _wait_for(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def _processes_naming(text: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text in entry.read_bytes().decode(errors="replace"):
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("end", [KeyboardInterrupt, RunFailedError])
def test_a_canary_ends_with_the_run_that_began_it_whatever_became_of_its_steps(tmp_path, monkeypatch, end):
    run = run_of("good", tmp_path)

    def follow(*_):
        set_canary(run.workspace, "new", ExperimentSettings(name=canary_name("new"), share=0.1))
        raise end("killed")

    monkeypatch.setattr(TrainingRun, "_follow", follow)
    with pytest.raises(end):
        run.execute(Silent())

    assert run.workspace.challenger() is None


def test_a_canary_that_a_lost_machine_left_is_over_when_the_next_run_begins(tmp_path, monkeypatch):
    run, seen = run_of("good", tmp_path), []
    set_canary(run.workspace, "new", ExperimentSettings(name=canary_name("new"), share=0.1))
    monkeypatch.setattr(TrainingRun, "_follow", lambda *_: seen.append(run.workspace.challenger()))
    monkeypatch.setattr(TrainingRun, "_outcome", lambda _: None)

    run.execute(Silent())

    assert seen == [None]


def test_what_a_run_took_is_remembered_for_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "size_read", lambda _: Size(1_000, 20))
    run = run_of("good", tmp_path / "shop")
    run.execute(Silent())
    known = Durations(tmp_path / "durations.json")
    assert [(past.shop, past.rows, past.products, sorted(past.steps)) for past in known.runs] == [
        ("shop", 1_000, 20, ["first", "record", "second"])
    ]
    assert run.seconds == known.runs[0].seconds >= sum(known.runs[0].steps.values()) - 0.1
    expected = run_of("good", tmp_path / "shop").durations.estimate("shop", Size(1_000, 20))
    assert expected.seconds == pytest.approx(run.seconds, abs=0.1)


def test_a_run_that_failed_teaches_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "size_read", lambda _: Size(1_000, 20))
    with pytest.raises(RunFailedError):
        run_of("bug", tmp_path / "shop").execute(Silent())
    assert not (tmp_path / "durations.json").exists()


def test_a_run_whose_size_is_unknown_does_not_pass_off_an_earlier_ones_time_as_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "size_read", lambda _: Size(1_000, 20))
    run_of("good", tmp_path / "shop").execute(Silent())
    monkeypatch.setattr(runner, "size_read", lambda _: None)
    later = run_of("good", tmp_path / "shop")
    later.execute(Silent())
    assert later.durations.runs
    assert later.seconds is None
