"""The summary that is printed when a run has ended."""

import json
import shlex
from pathlib import Path
from typing import Any, Final

from pyarrow.parquet import ParquetFile
from rich.console import Console
from rich.table import Table

from infrastructure.files import read_json_if_present
from infrastructure.workspace import Workspace
from infrastructure.workspace.run_records import FIGURES, ROWS, RunOutcome
from pipelines.runner import TrainingRun
from recommender.contract import columns as c

_COUNTS: Final = ("read", "kept", "quarantined", "repaired")


def print_summary(console: Console, run: TrainingRun, outcome: RunOutcome) -> None:
    """What to look at first, rows, metrics with their intervals, the gate's decision and where everything is."""
    console.print()
    for warning in read_json_if_present(run.workspace.warnings) or ():
        console.print(f"Look at first: {warning}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    for title, table in (("Rows", _rows(run.folder)), ("Held-out test", _metrics(run.folder))):
        if table is not None:
            console.print(title, style="bold")
            console.print(table)
    console.print(_verdict(outcome), style="bold green" if outcome.promoted else "bold yellow")
    for reason in outcome.reasons:
        console.print(f"  {reason}", markup=False, highlight=False, soft_wrap=True)
    for name, path in _places(run).items():
        console.print(f"  {name:<18}{path}", markup=False, highlight=False, soft_wrap=True)


def example_call(workspace: Workspace, port: int) -> str:
    """A request that a person can paste into a shell, for a customer of this shop, whatever stands in the id."""
    profile = {"skin_type": "dry", "avoided_ingredients": ["fragrance"]}
    body = {"instances": [{"customer_id": _some_customer(workspace), "k": 5, "profile": profile}]}
    data = shlex.quote(json.dumps(body, ensure_ascii=False))
    return f"curl -s http://localhost:{port}/v1/models/recommender:predict -d {data}"


def _some_customer(workspace: Workspace) -> str:
    """The first customer in the first table of what customers did."""
    files = (workspace.tables / f"{name}.parquet" for name in (c.TRANSACTIONS, c.RATINGS, c.EVENTS))
    first = ParquetFile(next(file for file in files if file.is_file()))
    return next(first.iter_batches(batch_size=1, columns=[c.CUSTOMER_ID])).to_pylist()[0][c.CUSTOMER_ID]


def _verdict(outcome: RunOutcome) -> str:
    if outcome.promoted:
        return f"New champion: {outcome.champion}"
    return f"The champion stays: {outcome.champion}"


def _rows(folder: Path) -> Table | None:
    counts = read_json_if_present(folder / ROWS)
    if not counts:
        return None
    return _grid(["table", *_COUNTS], [[name, *(of[key] for key in _COUNTS)] for name, of in counts.items()])


def _metrics(folder: Path) -> Table | None:
    found = read_json_if_present(folder / FIGURES)
    if not found:
        return None
    rows = [[name, f"{m['value']:.4f}", f"{m['low']:.4f} - {m['high']:.4f}"] for name, m in found.items()]
    return _grid(["metric", "value", "95 % interval"], rows)


def _grid(header: list[str], rows: list[list[Any]]) -> Table:
    table = Table(box=None, padding=(0, 2), show_edge=False)
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number else "left", style=None, header_style="dim")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return table


def _places(run: TrainingRun) -> dict[str, Path]:
    """Where a person finds what the run wrote, as far as it is there."""
    places = {
        "brief": run.folder / "brief.html",
        "model card": run.folder / "model_card.html",
        "exploration": run.workspace.reports / "exploration.html",
        "rejected rows": run.workspace.quarantine,
        "log": run.log,
    }
    return {name: path for name, path in places.items() if path.is_file()}
