"""Raw tables in a folder, brought up to date there: feedback is added and forgotten customers leave, part by part."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from infrastructure.progress import note
from infrastructure.workspace import Workspace
from recommender.contract import columns as c
from recommender.contract.event_types import AVOID
from recommender.contract.fields import CONTRACT, fields_of
from recommender.data.feedback import FEEDBACK_FILE, with_feedback
from recommender.data.forgotten_customers import ForgottenCustomers
from recommender.data.parsing.pandas_parsing import parse_cells
from recommender.data.provenance import Provenance
from recommender.data.raw_tables import RawTables, as_stored, read_stored, write_about

_ROWS: Final = 1 << 17
_CHANGED: Final = (c.CUSTOMERS, c.EVENTS)
"""The tables that feedback adds to."""


def add_feedback_and_erasures(folder: Path, workspace: Workspace) -> None:
    """Make of the raw tables in ``folder`` what ``with_feedback_and_erasures`` makes of them in memory.

    Only tables that change are written anew, and only those that feedback or an avoidance changes are held as a whole.
    """
    if (workspace.feedback / FEEDBACK_FILE).is_file() or _declares(folder):
        _add_feedback(folder, workspace)
    forgotten = ForgottenCustomers.read(workspace.forgotten)
    if forgotten.customers:
        passed_over = sum(_leave_out(forgotten, path) for path in _files(folder).values())
        note("forgotten customers passed over", rows=passed_over)


def rows_of(folder: Path) -> dict[str, int]:
    """How many rows each raw table in ``folder`` has."""
    return {name: pq.read_metadata(path).num_rows for name, path in _files(folder).items()}


def _files(folder: Path) -> dict[str, Path]:
    found = {name: folder / f"{name}.parquet" for name in CONTRACT}
    return {name: path for name, path in found.items() if path.is_file()}


def _declares(folder: Path) -> bool:
    """Whether an event says what a customer avoids."""
    path = folder / f"{c.EVENTS}.parquet"
    if not path.is_file() or not {c.TYPE, c.QUERY} <= {*pq.read_schema(path).names}:
        return False
    field = fields_of(c.EVENTS)[c.TYPE]
    return any((parse_cells(field, part[c.TYPE]) == AVOID).any() for part in _parts(path, [c.TYPE]))


def _add_feedback(folder: Path, workspace: Workspace) -> None:
    files = _files(folder)
    # Without a table of customers one may have to be made, of everybody who did anything.
    names = [name for name in files if name in _CHANGED or c.CUSTOMERS not in files]
    about = Provenance.read(folder)
    before = RawTables(about.name, {name: read_stored(name, files[name]) for name in names}, about.origins)
    after = with_feedback(before, workspace.feedback)
    for name, table in after.tables.items():
        if table is not before.tables.get(name):
            _replace(folder / f"{name}.parquet", iter([as_stored(name, table)]))
    write_about(folder, after.provenance)


def _leave_out(forgotten: ForgottenCustomers, path: Path) -> int:
    """Take the rows of forgotten customers out of a table; returns how many these were."""
    if c.CUSTOMER_ID not in pq.read_schema(path).names:
        return 0
    names = [name for name in (c.CUSTOMER_ID, c.TRANSACTION_ID) if name in pq.read_schema(path).names]
    bought = frozenset(chain.from_iterable(forgotten.transactions_in(part) for part in _parts(path, names)))
    hit = sum(int(forgotten.rows_in(part, bought).sum()) for part in _parts(path, names))
    if hit:
        _replace(path, _kept(forgotten, bought, path, names))
    return hit


def _kept(forgotten: ForgottenCustomers, bought: frozenset[str], path: Path, names: list[str]) -> Iterator[pa.Table]:
    for rows in _tables(path):
        yield rows.filter(pa.array(~forgotten.rows_in(rows.select(names).to_pandas(), bought)))


def _parts(path: Path, columns: list[str]) -> Iterator[pd.DataFrame]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS, columns=columns):
            yield pa.Table.from_batches([batch]).to_pandas(ignore_metadata=True)


def _tables(path: Path) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for at in range(file.num_row_groups):
            yield file.read_row_group(at)


def _replace(path: Path, parts: Iterator[pa.Table]) -> None:
    """Write a table's file anew from its parts, which may be read from it."""
    first = next(parts)
    partial = path.with_suffix(".partial")
    with pq.ParquetWriter(partial, first.schema) as writer:
        for rows in chain([first], parts):
            writer.write_table(rows, row_group_size=max(len(rows), 1))
    partial.replace(path)
