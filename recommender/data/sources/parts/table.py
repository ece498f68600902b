"""A foreign table part by part into the Parquet file of a raw one."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from infrastructure.progress import steps
from recommender.contract.fields import PRICES
from recommender.data.raw_tables import as_stored
from recommender.data.sources.cells.money.conversion import codes_of
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.ingest import foreign_columns
from recommender.data.sources.mapping import map_columns
from recommender.data.sources.parts.evidence import Evidence
from recommender.data.sources.parts.foreign_rows import ForeignRows, Part
from recommender.data.sources.parts.quick_columns import quick_columns
from recommender.data.sources.parts.raw_writer import NoCommonTypeError, RawWriter


def write_in_parts(foreign: ForeignRows, table: str, source: TableSource, target: Path) -> bool:
    """Map and store the rows part by part.

    Args:
        foreign: The rows.
        table: Name of the table.
        source: What is known of it.
        target: The Parquet file to make.

    Returns:
        False where only the whole table can tell what it holds, or that it must be refused; there is no file then.
    """
    evidence = Evidence(foreign.rows)
    with (
        TemporaryDirectory(dir=target.parent, prefix=".parts-") as scratch,
        RawWriter(table, Path(scratch), texts=not source.missing) as writer,
        steps(f"{table} mapped", foreign.rows, "rows") as progress,
    ):
        for part in foreign.parts():
            writer.append(_mapped(part, table, source, evidence))
            evidence.go_on(len(part))
            progress.advance(len(part))
        if evidence.is_doubtful():
            return False
        try:
            writer.finish(target)
        except NoCommonTypeError:
            return False
    evidence.tell()
    return True


def _mapped(part: Part, table: str, source: TableSource, evidence: Evidence) -> pa.Table:
    """The rows under our names, as they are stored."""
    cells = quick_columns(part, table, source, evidence)
    slow = {name: how for name, how in source.columns.items() if name not in cells}
    if slow or source.returned:
        narrowed = source.model_copy(update={"columns": slow})
        theirs = part.frame(foreign_columns(narrowed))
        for name in (name for name in PRICES if name in slow and slow[name].read):
            evidence.note_currencies(codes_of(theirs, slow[name]), name)
        rows = as_stored(table, map_columns(theirs, table, narrowed, evidence))
        cells |= {name: rows[name] for name in rows.column_names}
    return pa.table({name: cells[name] for name in dict.fromkeys((*source.columns, *cells))})
