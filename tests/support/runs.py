"""Runs of the runner that show nothing."""

from contextlib import nullcontext
from pathlib import Path

from components.running.events import StepEvent
from infrastructure.workspace import Workspace
from pipelines.runner import TrainingRun
from settings.config import Config


class Silent:
    """A display that only remembers."""

    def __init__(self):
        self.events: list[StepEvent] = []

    def open(self):
        return nullcontext()

    def show(self, event):
        self.events.append(event)


def run_of(mode: str, root: Path) -> TrainingRun:
    return TrainingRun(Path(mode), Config(), Workspace(root), f"run-{mode}")
