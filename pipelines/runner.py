"""Runs the training pipeline on this machine, from checked settings to a recorded outcome."""

import shutil
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from components.running.events import StepEvent, StepEventFile
from components.running.step import EVENT_FILE
from deployment.canary_pointer import withdraw_canary
from infrastructure.errors import RecommenderError
from infrastructure.file_lock import exclusive_lock
from infrastructure.files import write_atomically
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import RunOutcome, new_run_id, record_interrupted, record_outcome
from pipelines.compiled import TRAINING
from pipelines.process import pipeline_process
from pipelines.progress_display import ProgressDisplay
from pipelines.run_estimate import Durations, PastRun, RunEstimate, Size, last_size, size_read
from recommender.data.sources.description.source import Source
from recommender.data.sources.size import about_rows
from settings.config import Config, configuration

KEPT_RUNS: Final = 3
"""Runs whose intermediate artifacts are kept in the workspace; the folder of every run is."""

POLL_SECONDS: Final = 0.1

TRACEBACK_SECONDS: Final = 1.0
"""A failed step's time to write its traceback into the log."""


class RunFailedError(RecommenderError):
    """A step failed; the message is the step's own."""


@dataclass(frozen=True)
class TrainingRun:
    """One run of the training pipeline; its id is the time of its start and four random digits."""

    source: Path
    config: Config
    workspace: Workspace
    run_id: str

    @classmethod
    def prepare(cls, source: Path, config: Path | None) -> Self:
        """Check source and configuration before anything is started.

        Raises:
            ConfigError: One of the files is missing or wrong.
        """
        name = Source.load(source).name
        return cls(source, configuration(source, config), Workspace.named(name), new_run_id())

    @property
    def folder(self) -> Path:
        """The run's record."""
        return self.workspace.run(self.run_id)

    @property
    def log(self) -> Path:
        """The output of all steps."""
        return self.folder / "log.txt"

    @property
    def arguments(self) -> dict[str, str]:
        """The pipeline's arguments."""
        return {
            "source": str(self.source),
            "config": self.config.to_json(),
            "workspace": str(self.workspace.root),
            "run_id": self.run_id,
            "data_version": self.run_id,
            "pipeline_root": str(self.workspace.pipeline),
        }

    def execute(self, display: ProgressDisplay) -> RunOutcome:
        """Run the pipeline to its end.

        Raises:
            AlreadyRunningError: Another run is going on in the workspace.
            RunFailedError: A step failed.
            KeyboardInterrupt: The user, or SIGTERM, ended it.
        """
        with exclusive_lock(self.workspace.lock) as lock:
            record_interrupted(self.workspace)
            withdraw_canary(self.workspace)
            _prune(self.workspace.pipeline)
            write_atomically(self.folder / "config.json", self.config.to_json().encode())
            try:
                with _recorded_interruption(self):
                    self._follow(display, lock)
            finally:
                # A step that was killed could not end it.
                withdraw_canary(self.workspace)
            return self._outcome()

    def _follow(self, display: ProgressDisplay, lock: int) -> None:
        """Show the steps' events until the pipeline's process ends, or until a step fails.

        Raises:
            RunFailedError: A step failed.
        """
        path = (self.folder / "events.jsonl").resolve()
        running: list[str] = []
        began, ended = dict[str, float](), dict[str, float]()
        with (
            pipeline_process(TRAINING, self.arguments, {EVENT_FILE: str(path)}, self.log, lock) as process,
            display.open(),
        ):
            for event in _events(process, StepEventFile(path)):
                display.show(event)
                if event.kind == "started":
                    running.append(event.step)
                    began[event.step] = event.time
                elif event.kind == "finished":
                    running.remove(event.step)
                    ended[event.step] = event.time
                elif event.kind == "failed":
                    # KFP would go on with steps that do not depend on this one: their results are of no use.
                    time.sleep(TRACEBACK_SECONDS)
                    raise self._failure(event)
        if process.returncode:
            raise self._bug(f"The step '{running[0]}' was killed." if running else "The pipeline did not start.")
        self._remember(began, ended)

    def estimate(self) -> RunEstimate:
        """How long the run will take here, from earlier ones; :attr:`durations` says if their file is of no use."""
        rows = about_rows(self.source)
        return self.durations.estimate(self.workspace.root.name, Size(*rows) if rows else last_size(self.workspace))

    @cached_property
    def durations(self) -> Durations:
        """What earlier runs of this machine took."""
        return Durations.beside(self.workspace)

    @property
    def seconds(self) -> float | None:
        """What the run took from its first step to its last; None where it is not remembered."""
        return self.durations.added.seconds if self.durations.added else None

    def _remember(self, began: dict[str, float], ended: dict[str, float]) -> None:
        size = size_read(self.folder)
        if size is not None and ended:
            steps = {step: round(end - began[step], 2) for step, end in ended.items()}
            seconds = round(max(ended.values()) - min(began.values()), 2)
            self.durations.add(PastRun(self.workspace.root.name, size.rows, size.products, steps, seconds))

    def _failure(self, event: StepEvent) -> RunFailedError:
        if event.mendable:
            return RunFailedError(event.text)
        return self._bug(f"The step '{event.step}' failed: {event.text}")

    def _bug(self, what: str) -> RunFailedError:
        return RunFailedError(f"{what}\nThis is not a mistake in the input. The output of all steps is in {self.log}")

    def _outcome(self) -> RunOutcome:
        """The outcome that the last step recorded.

        Raises:
            RunFailedError: There is none, or it is a failure that no step reported.
        """
        outcome = RunOutcome.read(self.folder)
        if outcome is None or outcome.state != "succeeded":
            raise RunFailedError((outcome and outcome.error) or "The run recorded no outcome.", where=str(self.log))
        return outcome


def _events(process: subprocess.Popen[bytes], events: StepEventFile) -> Generator[StepEvent]:
    while process.poll() is None:
        yield from events.new()
        time.sleep(POLL_SECONDS)
    yield from events.new()


@contextmanager
def _recorded_interruption(run: TrainingRun) -> Generator[None]:
    """Ctrl-C and SIGTERM end the run with a recorded outcome; a failure that no step recorded is recorded here."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        record_outcome(run.workspace, run.run_id, "interrupted")
        raise
    except RunFailedError as error:
        record_outcome(run.workspace, run.run_id, "failed", str(error))
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _prune(pipeline: Path) -> None:
    """Remove the intermediate artifacts of all but the latest runs; a new one is about to be added."""
    runs = sorted(pipeline.glob("*"), key=lambda folder: folder.stat().st_mtime)
    for folder in runs[: max(0, len(runs) - KEPT_RUNS + 1)]:
        shutil.rmtree(folder, ignore_errors=True)
