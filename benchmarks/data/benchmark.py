"""Preparation and features by number of interactions, beside pandas doing the same."""

import os
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.checkouts import PRESENT, gigabytes, measure_in
from benchmarks.data import work
from benchmarks.data.shop import ROWS_A_CUSTOMER, ROWS_A_PRODUCT, write_shop
from benchmarks.engine.measure import exponent
from infrastructure.documents import code_commit, publish, table
from infrastructure.progress import note

PAGE: Final = "preparation-and-features-by-rows"
COMMAND: Final = "make benchmark-data"
_TITLES: Final = (
    "interactions", "customers", "products", "seconds", "of them preparing", "interactions a second", "memory GB",
    "pandas: seconds", "of them preparing", "memory GB", "pandas' time over ours",
)  # fmt: skip
LAST_OF_PANDAS: Final = "163b0c2"
"""The last commit where pandas prepared tables and computed features: the peer is the project itself as it was."""


def benchmark_data(rows: Sequence[int], pandas_up_to: int, rounds: int, folder: Path | None) -> None:
    """Measure, and publish the figures in ``folder`` (:func:`measure_data`)."""
    found = measure_data(rows, pandas_up_to, rounds)
    publish(data_figures(found), PAGE, folder, COMMAND, found)


def measure_data(rows: Sequence[int], pandas_up_to: int, rounds: int) -> dict[str, Any]:
    """Every size by both engines, by turns; pandas is left out where the history does not reach back to it."""
    with TemporaryDirectory(prefix="benchmark-") as name, _before(Path(name)) as before:
        sizes = [_size(count, Path(name), before if count <= pandas_up_to else None, rounds) for count in rows]
    return {
        "sizes": sizes,
        "exponent": exponent([size["rows"] for size in sizes], [size["duckdb"]["seconds"] for size in sizes])
        if len(sizes) > 1
        else None,
        "rounds": rounds,
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "commit": code_commit(":/benchmarks"),
    }


def _size(rows: int, folder: Path, before: Path | None, rounds: int) -> dict[str, Any]:
    raw = folder / f"raw-{rows}"
    write_shop(raw, rows)
    checkouts = {"duckdb": PRESENT}
    if before:
        checkouts["pandas"] = before
    results = [{name: _run(name, code, raw) for name, code in checkouts.items()} for _ in range(rounds)]
    found = {name: _medians([one[name] for one in results]) for name in checkouts}
    ratio = (
        median(one["pandas"]["seconds"] / one["duckdb"]["seconds"] for one in results) if "pandas" in found else None
    )
    note("measured", rows=rows, **{name: round(one["seconds"], 1) for name, one in found.items()})
    sizes = {"rows": rows, "customers": rows // ROWS_A_CUSTOMER, "products": rows // ROWS_A_PRODUCT}
    return {**sizes, **found, "ratio": ratio}


def _medians(rounds: list[dict[str, Any]]) -> dict[str, float]:
    return {key: median(one[key] for one in rounds) for key in rounds[0]}


def _run(engine: str, checkout: Path, raw: Path) -> dict[str, Any]:
    with TemporaryDirectory(dir=raw.parent) as out:
        return measure_in(checkout, work, engine, raw, Path(out))


@contextmanager
def _before(folder: Path) -> Generator[Path | None]:
    """A checkout of :data:`LAST_OF_PANDAS`; None where it cannot be had."""
    checkout = folder / "pandas"
    git = ["git", "-C", str(PRESENT), "worktree"]
    added = subprocess.run([*git, "add", "--detach", str(checkout), LAST_OF_PANDAS], capture_output=True, check=False)  # noqa: S603
    try:
        yield checkout if added.returncode == 0 else None
    finally:
        if added.returncode == 0:
            subprocess.run([*git, "remove", "--force", str(checkout)], check=True)  # noqa: S603


def data_figures(found: Mapping[str, Any]) -> str:
    """Markdown: facts and the table."""
    grows = "" if found["exponent"] is None else f"\n- time grows with the {found['exponent']:.2f}th power of the rows"
    facts = (
        "- raw tables in Parquet cleaned, and every feature view computed, written, in a process of its own; "
        f"medians of {found['rounds']} rounds, both by turns\n"
        f"- {found['cores']} cores, load average {found['load_average']:.1f} at the end{grows}\n"
        f"- commit {found['commit']}"
    )
    return f"{facts}\n\n{table(_TITLES, map(_cells, found['sizes']))}"


def _cells(size: Mapping[str, Any]) -> tuple[str, ...]:
    ours, theirs = size["duckdb"], size.get("pandas")
    own = (*_seconds(ours), f"{size['rows'] / ours['seconds']:,.0f}", gigabytes(ours))
    peer = (*_seconds(theirs), gigabytes(theirs), f"{size['ratio']:.1f}") if theirs else ("–",) * 4
    return f"{size['rows']:,}", f"{size['customers']:,}", f"{size['products']:,}", *own, *peer


def _seconds(one: Mapping[str, Any]) -> tuple[str, str]:
    return f"{one['seconds']:.1f}", f"{one['preparing']:.1f}"
