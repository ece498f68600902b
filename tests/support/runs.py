"""Runs of the runner that show nothing."""

from contextlib import nullcontext
from pathlib import Path

from components.running.events import Event
from infrastructure.workspace import Workspace
from pipelines.runner import Run
from settings.config import Config


class Silent:
    """A display that only remembers."""

    def __init__(self):
        self.events: list[Event] = []

    def open(self):
        return nullcontext()

    def show(self, event):
        self.events.append(event)


def run_of(mode: str, root: Path) -> Run:
    return Run(Path(mode), Config(), Workspace(root), f"run-{mode}")
