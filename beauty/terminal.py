"""What a terminal shows of every command: its progress, and how it ends.

A mistake that a person can mend is one message and an exit code, never a traceback.
"""

import logging
import sys
from typing import Any, Final

import typer
from typer.core import TyperGroup

from infrastructure import progress
from infrastructure.errors import RecommenderError

FAILED: Final = 1
INTERRUPTED: Final = 130
"""Exit code of a command that Ctrl-C ended, as shells use it."""

_RESUMABLE: Final = ("run", "submit", "compile")


class CommandGroup(TyperGroup):
    """Commands of one program; a wrong command line is exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that ``ctx`` names; ``FAILED`` after a RecommenderError, ``INTERRUPTED`` after Ctrl-C."""
        try:
            return super().invoke(ctx)
        except RecommenderError as error:
            sys.stderr.write(f"Error: {error}\n")
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            if ctx.invoked_subcommand in _RESUMABLE:
                sys.stderr.write("Interrupted. Nothing is left half done; run it again to complete.\n")
            raise typer.Exit(INTERRUPTED) from error


def show_progress() -> None:
    """From now on print each note of progress to standard error, with its figures."""
    progress.logger.setLevel(logging.INFO)
    if not progress.logger.handlers:
        progress.logger.addHandler(_Lines())


class _Lines(logging.Handler):
    """Prints each note as a line with its figures; how far a stage is, in a terminal, as a line that is rewritten."""

    def __init__(self) -> None:
        from rich.console import Console

        super().__init__()
        self._console = Console(stderr=True, soft_wrap=True)
        self._status = self._console.status("")
        self._printed = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        stage: progress.Stage | None = getattr(record, "stage", None)
        if stage is not None:
            self._show(stage, record.created)
            return
        self._status.stop()
        self._printed = record.created
        figures: dict[str, Any] = getattr(record, "figures", {})
        text = "  ".join(f"{name} {value:,}" for name, value in figures.items() if isinstance(value, int | float))
        self._console.print(f"[green]✓[/green] {record.getMessage():<44}", f"[dim]{text}[/dim]", highlight=False)

    def _show(self, stage: progress.Stage, now: float) -> None:
        """The live line, gone when the stage is done; in a log a line from time to time."""
        if not self._console.is_terminal:
            if now - self._printed >= progress.LOG_SECONDS:
                self._printed = now
                self._console.print(f"  {stage}", markup=False, highlight=False)
        elif stage.is_done:
            self._status.stop()
        else:
            self._status.update(f"[cyan]{stage}[/cyan]")
            self._status.start()
