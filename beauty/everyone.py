"""What anybody does with the platform: run it, serve from it, and ask it how it is doing."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from beauty.options import SYNTHETIC, ConfigFile, Port, Source

SERVING_PORT: Final = 3000


def run(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    serve: Annotated[
        bool | None,
        typer.Option(
            "--serve/--no-serve", envvar="BEAUTY_SERVE", help="Serve afterwards; without either: in a terminal only."
        ),
    ] = None,
    port: Port = SERVING_PORT,
) -> None:
    """Run the training pipeline here, then serve its champion."""
    from rich.console import Console

    from pipelines.progress_display import choose_display
    from pipelines.runner import TrainingRun
    from pipelines.summary import example_call, print_summary

    console = Console()
    prepared = TrainingRun.prepare(source, config)
    console.print(f"Run {prepared.run_id} in {prepared.workspace.root}", highlight=False)
    expected = prepared.estimate()
    if prepared.durations.fault:
        console.print(prepared.durations.fault, style="yellow", markup=False, highlight=False)
    console.print(str(expected), markup=False, highlight=False, soft_wrap=True)
    outcome = prepared.execute(choose_display(console, expected.steps))
    if prepared.seconds is not None:
        console.print(expected.compared(prepared.seconds), markup=False, highlight=False)
    print_summary(console, prepared, outcome)
    if sys.stdout.isatty() if serve is None else serve:
        console.print("\nServing; Ctrl-C ends it. For example:", style="bold")
        console.print(example_call(prepared.workspace, port), markup=False, highlight=False, soft_wrap=True)
        _become_serving(source, config, port)


def _become_serving(source: Path, config: Path | None, port: int) -> None:
    """Replace this process by the serving one: Ctrl-C then reaches it, and nothing else is left running."""
    sys.stdout.flush()
    others = ["--config", str(config)] if config else []
    command = [sys.executable, "-m", "beauty", "serve", "--source", str(source), "--port", str(port), *others]
    os.execv(sys.executable, command)  # noqa: S606 - our own module, no shell wanted


def serve(source: Source = SYNTHETIC, config: ConfigFile = None, port: Port = SERVING_PORT) -> None:
    """Serve the present champion of a data set."""
    from serving.packaging.champion import become_server
    from settings.config import configuration, workspace_of

    become_server(workspace_of(source), configuration(source, config), port)


def recommend(
    source: Source = SYNTHETIC,
    config: ConfigFile = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", envvar="BEAUTY_OUT", metavar="FILE", help="File to write: .csv, .jsonl, .parquet or .xlsx."
        ),
    ] = Path("recs.parquet"),
    k: Annotated[int, typer.Option("--k", "-k", envvar="BEAUTY_K", help="Products a customer, 1 to 100.")] = 10,
) -> None:
    """Fit on everything and write every customer's recommendations, with names and reasons."""
    from beauty.terminal import show_progress
    from feedback.training_export import export_log_events
    from recommender.training import batch_scoring
    from settings.config import configuration, workspace_of

    show_progress()
    export_log_events(workspace_of(source))
    batch_scoring.write_recommendations(source, out, k, configuration(source, config))


def config(source: Source = SYNTHETIC, config: ConfigFile = None) -> None:
    """Print every parameter that holds for a data set, with its value and meaning."""
    from infrastructure.settings import described
    from settings.config import configuration

    print("\n".join(described(configuration(source, config))))


def status(source: Source = SYNTHETIC, config: ConfigFile = None) -> None:
    """Write one page that says how the recommender is doing, and print its path."""
    from datetime import UTC, datetime

    from monitoring.status import write_status
    from settings.config import configuration, workspace_of

    print(write_status(workspace_of(source), configuration(source, config), datetime.now(UTC)))


COMMANDS: Final = (run, serve, recommend, config, status)
