"""Events of a step while it works: one line of JSON each, in a file that the runner follows."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Self

from infrastructure.progress import Figure

Kind = Literal["started", "progress", "note", "finished", "failed"]


@dataclass(frozen=True)
class StepEvent:
    """Something that happened in a step.

    Attributes:
        step: Name of the step.
        kind: "started", "progress" (how far a piece of work is), "note" (it is done), "finished" or "failed".
        text: What was done, or what went wrong.
        figures: Rows, seconds, metrics.
        mendable: Whether a failure is one that the user can mend, and ``text`` says how.
        time: Seconds since 1970.
    """

    step: str
    kind: Kind
    text: str = ""
    figures: dict[str, Figure] = field(default_factory=dict[str, Figure])
    mendable: bool = False
    time: float = field(default_factory=time.time)

    def append(self, path: Path) -> None:
        """Add this event to the file; one write, so that lines of two processes never mix."""
        with path.open("ab", buffering=0) as file:
            file.write(json.dumps(asdict(self), default=str).encode() + b"\n")

    @classmethod
    def parse(cls, line: str) -> Self:
        """The event that :meth:`append` wrote."""
        return cls(**json.loads(line))


class StepEventFile:
    """Reads events as they are written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new(self) -> Iterator[StepEvent]:
        """The events added since the last call; a line still being written is left for the next."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                yield StepEvent.parse(line.decode())
