"""The report of an erasure: what was removed and what is left, without the id; it is kept, and printed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final, Self

from rich.console import Console

from infrastructure.files import read_json_if_present, write_json

_MOST: Final = 10
"""Lines of mentions that are printed."""


@dataclass(frozen=True)
class ErasureReport:
    """What became of a customer's rows, by file of the workspace or by the variable that names a server.

    Attributes:
        customer: The pseudonym by which the ingest passes over the customer (``forgotten.json``).
        begun_at: When the customer was remembered as forgotten, UTC; what is trained later is trained without.
        finished_at: When every store was searched again, UTC; None while it is going on, or was interrupted.
        removed: Rows removed; while it is going on, rows to be removed.
        left: Rows of the customer that are still there.
        mentions: How often the id or a pseudonym stands elsewhere, where it is no row of the customer's.
        models_from_before: Models that answer and were trained before: "champion", "challenger".
    """

    customer: str
    begun_at: str
    finished_at: str | None = None
    removed: Mapping[str, int] = field(default_factory=dict[str, int])
    left: Mapping[str, int] = field(default_factory=dict[str, int])
    mentions: Mapping[str, int] = field(default_factory=dict[str, int])
    models_from_before: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The report that :meth:`write` wrote; None where there is none."""
        record = read_json_if_present(path)
        if record is None:
            return None
        record["models_from_before"] = tuple(record["models_from_before"])
        return cls(**record)

    def write(self, path: Path) -> None:
        """Write it as JSON; a report that says nothing new is left as it is."""
        before = self.read(path)
        if before is None or before.finished_at is None or replace(before, finished_at=self.finished_at) != self:
            write_json(path, asdict(self))

    @property
    def complete(self) -> bool:
        """Whether no row of the customer is left."""
        return not self.left


def print_report(console: Console, report: ErasureReport, path: Path) -> int:
    """Print the report, which is kept at ``path``; the returned exit code is 1 where a row is left."""
    for line in _lines(report, path):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0 if report.complete else 1


def _lines(report: ErasureReport, path: Path) -> list[str]:
    lines = [f"begun    {report.begun_at}, searched again {report.finished_at}"]
    lines += [f"removed  {count} rows of {name}" for name, count in report.removed.items()]
    lines += [f"LEFT     {count} rows in {name}" for name, count in report.left.items()]
    lines += [f"told     {count} mentions in {name}" for name, count in islice(report.mentions.items(), _MOST)]
    if len(report.mentions) > _MOST:
        lines.append(f"told     mentions in {len(report.mentions) - _MOST} more files, which the report names")
    if report.complete:
        lines.append("No row of the customer is left." if report.removed else "No row has this id: is it spelt so?")
    elif report.models_from_before:
        lines.append("A bundle in service goes by another erasure, once a later one has taken its place.")
    for model in report.models_from_before:
        lines.append(f"The {model} that answers was trained before, until make run trains one that passes the gate.")
    return [*lines, f"report   {path}"]
