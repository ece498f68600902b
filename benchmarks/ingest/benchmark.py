"""Reading a large data set: rate and memory, beside an older checkout that reads each table whole."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.checkouts import PRESENT, gigabytes, measure_in
from benchmarks.ingest import work
from benchmarks.ingest.shop import write_foreign_shop
from infrastructure.documents import code_commit, publish, table
from infrastructure.progress import note

PAGE: Final = "reading-by-rows"
COMMAND: Final = "make benchmark-ingest"
_FORMS: Final = ("parquet", "csv")
_TITLES: Final = (
    "rows", "file", "seconds", "rows a second", "memory GB", "preview: seconds", "memory GB",
    "read whole: seconds", "memory GB", "its time over ours",
)  # fmt: skip


def benchmark_ingest(rows: Sequence[int], before: Path | None, folder: Path | None) -> None:
    """Measure, and publish the figures in ``folder`` (:func:`measure_ingest`)."""
    found = measure_ingest(rows, before)
    publish(ingest_figures(found), PAGE, folder, COMMAND, found)


def measure_ingest(rows: Sequence[int], before: Path | None) -> dict[str, Any]:
    """Every size in every format; where there is an older checkout ``before``, it reads the same files next."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        sizes = [_size(count, form, Path(name), before) for count in rows for form in _FORMS]
    return {"sizes": sizes, "cores": os.cpu_count(), "commit": code_commit(":/benchmarks")}


def _size(rows: int, form: str, room: Path, before: Path | None) -> dict[str, Any]:
    source, out = write_foreign_shop(room / f"{form}-{rows}", rows, form), room / "out"
    found: dict[str, Any] = {"rows": rows, "form": form}
    found["ours"] = measure_in(PRESENT, work, "ingest", source, out)
    found["preview"] = measure_in(PRESENT, work, "preview", source, out)
    if before is not None:
        found["whole"] = measure_in(before, work, "whole", source, out)
        found["ratio"] = found["whole"]["seconds"] / found["ours"]["seconds"]
    note(f"read {form}", rows=rows, seconds=round(found["ours"]["seconds"], 1))
    return found


def ingest_figures(found: Mapping[str, Any]) -> str:
    """The figures as Markdown."""
    facts = (
        f"- transactions of a foreign shop mapped and stored as raw tables, in a process of its own; the preview reads "
        f"and cleans the first {work.FIRST:,} rows of each table\n"
        f"- {found['cores']} cores\n"
        f"- commit {found['commit']}"
    )
    return f"{facts}\n\n{table(_TITLES, map(_cells, found['sizes']))}"


def _cells(size: Mapping[str, Any]) -> tuple[str, ...]:
    ours, whole = size["ours"], size.get("whole")
    rate = f"{size['rows'] / ours['seconds']:,.0f}"
    peer = (*_pair(whole), f"{size['ratio']:.1f}") if whole else ("–",) * 3
    return (
        f"{size['rows']:,}",
        size["form"],
        f"{ours['seconds']:.1f}",
        rate,
        gigabytes(ours),
        *_pair(size["preview"]),
        *peer,
    )


def _pair(one: Mapping[str, Any]) -> tuple[str, str]:
    return f"{one['seconds']:.1f}", gigabytes(one)
