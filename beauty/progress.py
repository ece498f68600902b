"""Work that tells its progress (:mod:`infrastructure.progress`), shown line by line in a terminal."""

import logging
from typing import Any

from rich.console import Console

from infrastructure import progress


def show_progress() -> None:
    """From now on print each note of progress to standard error, with its figures."""
    progress.logger.setLevel(logging.INFO)
    if not progress.logger.handlers:
        progress.logger.addHandler(_Lines())


class _Lines(logging.Handler):
    """Prints each note as a line with its figures."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(stderr=True, soft_wrap=True)

    def emit(self, record: logging.LogRecord) -> None:
        figures: dict[str, Any] = getattr(record, "figures", {})
        text = "  ".join(f"{name} {value:,}" for name, value in figures.items() if isinstance(value, int | float))
        self._console.print(f"[green]✓[/green] {record.getMessage():<44}", f"[dim]{text}[/dim]", highlight=False)
