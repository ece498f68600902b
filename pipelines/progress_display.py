"""Shows the progress of a run: a live table in a terminal, one line an event elsewhere."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from components.running.events import StepEvent
from infrastructure.progress import LOG_SECONDS, Figure, duration

_UNKNOWN: Final[Mapping[str, float]] = MappingProxyType({})
_LONG: Final = 10.0


class ProgressDisplay(Protocol):
    """Shows events as they come."""

    def open(self) -> AbstractContextManager[object]:
        """Show from here until the block ends."""
        ...

    def show(self, event: StepEvent) -> None:
        """Show one event."""
        ...


def choose_display(console: Console, expected: Mapping[str, float] = _UNKNOWN) -> ProgressDisplay:
    """A live table where there is a terminal, plain lines where there is none.

    Args:
        console: Where it is shown.
        expected: Seconds that each step will take, where that is known.
    """
    return LiveTable(console, expected) if console.is_terminal else LogLines(console, expected)


def figures_text(figures: dict[str, Figure]) -> str:
    """Figures as a person reads them: ``rows 12,101 · seconds 3.2``."""
    return " · ".join(f"{name.replace('_', ' ')} {_number(value)}" for name, value in figures.items())


def _number(value: Figure) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value


class LogLines:
    """One line an event, for logs; of progress one from time to time."""

    def __init__(self, console: Console, expected: Mapping[str, float] = _UNKNOWN) -> None:
        self._console, self._expected = console, expected
        self._began: dict[str, float] = {}
        self._start = time.time()
        self._printed = 0.0

    def open(self) -> AbstractContextManager[object]:
        """Nothing to prepare."""
        return nullcontext()

    def show(self, event: StepEvent) -> None:
        """Print the event with the seconds since the run began, unless it is a note of less than a second's work."""
        if event.kind == "note" and event.figures.keys() == {"seconds"} and float(event.figures["seconds"]) < 1:
            return
        if event.kind == "progress" and event.time - self._printed < LOG_SECONDS:
            return
        self._printed = event.time
        since = event.time - self._start
        line = f"{since:7.1f} s  {event.step:<10}  {self._text(event)}  {figures_text(event.figures)}"
        self._console.print(line.rstrip(), markup=False, highlight=False, soft_wrap=True)

    def _text(self, event: StepEvent) -> str:
        if event.kind == "started":
            self._began[event.step] = event.time
            return f"...{_about(self._expected.get(event.step))}"
        if event.kind == "finished":
            return f"done in {event.time - self._began[event.step]:.1f} s"
        return event.text.partition("\n")[0]


@dataclass
class _Row:
    began: float
    ended: float | None = None
    failed: bool = False
    notes: list[str] = field(default_factory=list[str])
    now: str = ""
    spinner: Spinner = field(default_factory=lambda: Spinner("dots", style="cyan"))


class LiveTable:
    """A row a step: mark, name, seconds and its last note; a running step shows its latest notes and how far it is."""

    RECENT = 4

    def __init__(self, console: Console, expected: Mapping[str, float] = _UNKNOWN) -> None:
        self._console, self._expected = console, expected
        self._rows: dict[str, _Row] = {}

    def open(self) -> AbstractContextManager[object]:
        """Keep the table on the screen up to date."""
        return Live(get_renderable=self._table, console=self._console, refresh_per_second=8)

    def show(self, event: StepEvent) -> None:
        """Take the event into the table; the next refresh shows it."""
        row = self._rows.setdefault(event.step, _Row(event.time))
        row.now = event.text if event.kind == "progress" else ""
        if event.kind == "note":
            row.notes.append(f"{event.text}  {figures_text(event.figures)}".rstrip())
        elif event.kind in ("finished", "failed"):
            row.ended = event.time
            row.failed = event.kind == "failed"

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=1)
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="ellipsis", no_wrap=True, ratio=1)
        for name, row in self._rows.items():
            seconds = (row.ended or time.time()) - row.began
            of = "" if row.ended else _about(self._expected.get(name))
            table.add_row(_mark(row), name, f"{seconds:.1f} s{of}", self._notes(row))
        return table

    def _notes(self, row: _Row) -> Group | Text:
        if row.ended:
            return Text(row.notes[-1] if row.notes else "", style="dim")
        now = [Text(row.now, style="cyan")] if row.now else []
        return Group(*(Text(note) for note in row.notes[-self.RECENT :]), *now)


def _about(seconds: float | None) -> str:
    """What a step will take, where it is long enough to wait for."""
    return f" of about {duration(seconds)}" if seconds is not None and seconds >= _LONG else ""


def _mark(row: _Row) -> Text | Spinner:
    if row.ended is None:
        return row.spinner
    return Text("✗", style="bold red") if row.failed else Text("✓", style="green")
