"""How long a run will take on this machine: from the runs it has made before, scaled by rows, else a rough guess."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from infrastructure.files import read_json, read_json_if_present, write_json
from infrastructure.progress import duration
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import ROWS
from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR

FILE: Final = "durations.json"
"""In the folder of all workspaces of this machine."""

_KEPT: Final = 50
_NEAREST: Final = 3
"""So many runs of the most similar size are asked."""

_ROWS_GROW: Final = {
    "ingest": 1.0, "prepare": 0.8, "features": 0.8, "split": 0.8, "train": 0.8, "evaluate": 0.8, "publish": 0.8,
}  # fmt: skip
"""Power of the rows by which a step grows (docs/figures/fitting-by-size.json); other steps take what they take."""
_PRODUCTS_GROW: Final = {"train": 0.7, "evaluate": 0.7}
"""The same of the products: with 15 times as many of them training took seven times as long."""

_FIRST_GUESS: Final = {
    "ingest": 3, "prepare": 3, "features": 4, "split": 2, "explore": 4, "train": 41, "evaluate": 7, "gate": 3,
    "publish": 6, "package": 2, "smoke-test": 5, "deploy": 2, "record": 0,
}  # fmt: skip
"""Seconds of each step on the synthetic shop of the defaults, on two cores."""


@dataclass(frozen=True)
class Size:
    """How large a shop is.

    Attributes:
        rows: Transactions, ratings and events.
        products: In the catalogue.
    """

    rows: int
    products: int


_GUESSED: Final = Size(201_591, 803)


@dataclass(frozen=True)
class PastRun:
    """What a run that succeeded took.

    Attributes:
        shop: Name of the data set.
        rows: Of the shop.
        products: Of the shop.
        steps: Seconds of each step.
        seconds: From beginning to end.
    """

    shop: str
    rows: int
    products: int
    steps: dict[str, float]
    seconds: float

    @property
    def size(self) -> Size:
        """How large the shop was."""
        return Size(self.rows, self.products)


@dataclass(frozen=True)
class RunEstimate:
    """How long a run will take.

    Attributes:
        seconds: From beginning to end.
        steps: Seconds of each step.
        runs: How many earlier runs of this machine say so; 0 for a rough guess.
        size: The size it is made for; None where none is known.
    """

    seconds: float
    steps: dict[str, float] = field(default_factory=dict[str, float])
    runs: int = 0
    size: Size | None = None

    def __str__(self) -> str:
        """For people."""
        longest = max(self.steps, key=lambda step: self.steps[step], default="")
        share = f", most of it '{longest}' ({duration(self.steps[longest])})" if longest else ""
        rows = f" for {self.size.rows:,} rows" if self.size else ""
        if not self.runs:
            return (
                f"This will take about {duration(self.seconds)}{rows}{share}. That is a rough guess: no run like "
                "it has been recorded on this machine yet."
            )
        known = "one earlier run" if self.runs == 1 else f"{self.runs} earlier runs"
        return f"This will take about {duration(self.seconds)}{rows}{share}, as {known} of this machine did."

    def compared(self, seconds: float) -> str:
        """The estimate beside what it really took."""
        return f"It took {duration(seconds)}; about {duration(self.seconds)} had been expected."


class Durations:
    """What runs of this machine took, in a file that each of them adds to.

    Attributes:
        runs: The latest runs, oldest first.
        added: The run that was added here; None before.
        fault: Why the file is not used, where it cannot be.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.fault: str | None = None
        self.added: PastRun | None = None
        self.runs = self._read()

    @classmethod
    def beside(cls, workspace: Workspace) -> "Durations":
        """Those of all workspaces of the same folder."""
        return cls(workspace.root.parent / FILE)

    def _read(self) -> list[PastRun]:
        if not self._file.is_file():
            return []
        try:
            return [_checked(PastRun(**run)) for run in read_json(self._file)]
        except (ValueError, TypeError, AttributeError) as error:
            self.fault = f"{self._file} is passed over, as it holds no durations of runs ({type(error).__name__})."
            return []

    def estimate(self, shop: str, size: Size | None) -> RunEstimate:
        """How long a run of a shop will take; where its size is unknown, as long as its last ones did."""
        if size is None:
            alike = [run for run in self.runs if run.shop == shop][-_NEAREST:]
            return _from_runs(alike, None) if alike else RunEstimate(sum(_FIRST_GUESS.values()), {}, 0, None)
        newest_first = self.runs[::-1]
        own = [run for run in newest_first if run.shop == shop] or newest_first
        # Of equally large ones the last count: their parameters are most like those of the next.
        nearest = sorted(own, key=lambda run: _distance(run.size, size))[:_NEAREST]
        return _from_runs(nearest, size) if nearest else _first_guess(size)

    def add(self, run: PastRun) -> None:
        """Remember a run."""
        self.added = run
        self.runs = [*self.runs, run][-_KEPT:]
        write_json(self._file, [asdict(one) for one in self.runs])


def size_read(run: Path) -> Size | None:
    """How large the shop was, of which a run's folder tells; None where the run did not come so far."""
    counts: dict[str, Any] | None = read_json_if_present(run / ROWS)
    if not counts:
        return None
    rows = sum(counts[table]["read"] for table in BEHAVIOUR if table in counts)
    return Size(rows, counts.get(c.PRODUCTS, {"read": 0})["read"])


def last_size(workspace: Workspace) -> Size | None:
    """How large the shop was when it was read the last time."""
    runs = sorted(workspace.runs.glob("*"), reverse=True)
    return next((size for size in map(size_read, runs) if size is not None), None)


def _checked(run: PastRun) -> PastRun:
    numbers = [run.rows, run.products, run.seconds, *run.steps.values()]
    if not all(0 <= number < float("inf") for number in numbers):
        raise ValueError("a size or duration is negative or not finite")
    return run


def _distance(one: Size, other: Size) -> float:
    """How many times as many rows the larger has."""
    rows = one.rows, other.rows
    return max(*rows, 1) / max(min(rows), 1) if one.rows else float("inf")


def _from_runs(runs: Sequence[PastRun], size: Size | None) -> RunEstimate:
    scaled = [_scaled(run.steps, run.size, size or run.size) for run in runs]
    names = dict.fromkeys(name for steps in scaled for name in steps)
    steps = {name: median(steps[name] for steps in scaled if name in steps) for name in names}
    beside = median(max(run.seconds - sum(run.steps.values()), 0) for run in runs)
    return RunEstimate(sum(steps.values()) + beside, steps, len(runs), size)


def _scaled(steps: Mapping[str, float], then: Size, now: Size) -> dict[str, float]:
    rows = max(now.rows, 1) / max(then.rows, 1)
    # Of some sources nothing tells how many products there are before they are read.
    products = now.products / then.products if now.products and then.products else 1.0
    return {
        name: seconds * rows ** _ROWS_GROW.get(name, 0.0) * products ** _PRODUCTS_GROW.get(name, 0.0)
        for name, seconds in steps.items()
    }


def _first_guess(size: Size) -> RunEstimate:
    steps = _scaled(_FIRST_GUESS, _GUESSED, size)
    return RunEstimate(sum(steps.values()), steps, 0, size)
