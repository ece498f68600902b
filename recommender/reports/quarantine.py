"""``beauty quarantine``: what cleaning rejects and empties in a data set as it is now, in Markdown."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from infrastructure.documents import table
from infrastructure.files import write_atomically
from infrastructure.workspace import Workspace
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.data.cleaning.all_rules import MEANINGS
from recommender.data.cleaning.prepare import Preparation, prepare_folder
from recommender.data.provenance import Provenance
from recommender.data.sources.parts.folder import ingest_folder
from recommender.data.stored_raw_tables import add_feedback_and_erasures

_LONGEST_CONTENT: Final = 160
_GUESTS: Final = "Of the transactions kept, {rows:,} rows without a customer are kept as guest baskets."


def show_quarantine(source: Path, config: RecommenderConfig, examples: int = 1) -> str:
    """Clean the data set that ``source`` describes and report what was rejected and emptied, and why.

    The workspace's quarantine is replaced, so rows that are corrected in the source leave it; nothing else changes.
    Of each rule and table as many rejected rows are shown as ``examples``.

    Raises:
        ConfigError: The source file is missing or wrong.
        DataError: The data cannot be read, or no row of a table is usable.
    """
    with TemporaryDirectory(prefix="quarantine-") as room:
        raw = Path(room) / "raw"
        workspace = Workspace.named(ingest_folder(source, raw))
        add_feedback_and_erasures(raw, workspace)
        provenance = Provenance.read(raw)
        prepared = prepare_folder(raw, Path(room) / "tables", config)
    write_atomically(workspace.quarantine, prepared.quarantine.to_parquet(index=False))
    parts = [
        _counts(prepared),
        *_left_out(provenance),
        _by_rule("rejected rows", prepared.quarantine, examples),
        _by_rule("emptied cells", prepared.repairs, examples),
        _filled(prepared),
        f"Every rejected row: {workspace.quarantine}. Rows are numbered from 0 as they are mapped: after the source's "
        "`fill_down`, `explode`, `pivot` and `where`.",
    ]
    return "\n\n".join(parts)


def _counts(prepared: Preparation) -> str:
    rows = ([name, *(f"{count:,}" for count in counts.values())] for name, counts in prepared.counts.items())
    counted = table(["table", "read", "kept", "quarantined", "cells emptied"], rows)
    return f"{counted}\n\n{_GUESTS.format(rows=prepared.guests)}" if prepared.guests else counted


def _left_out(provenance: Provenance) -> Iterator[str]:
    """How many rows the source's conditions leave out before all this, where they do."""
    rows = [(name, f"{origin.left_out:,}") for name, origin in provenance.origins.items() if origin.left_out]
    if rows:
        yield table(["rows that `where` leaves out of", "count"], rows, "lr")


def _filled(prepared: Preparation) -> str:
    if not prepared.filled:
        return "No value is filled in where one is missing (`cleaning.missing`)."
    rows = ((f"{column.table}.{column.column}", column.how, f"{column.cells:,}") for column in prepared.filled)
    return table(["missing values of", "filled by", "count"], rows, "llr")


def _by_rule(what: str, records: pd.DataFrame, examples: int) -> str:
    """One line for each rule and table, most frequent first, with examples."""
    if records.empty:
        return f"No {what}."
    groups: Any = sorted(records.groupby([c.RULE, c.TABLE], sort=True), key=lambda group: -len(group[1]))
    lines = (
        (rule, name, MEANINGS[rule, name], f"{len(rows):,}", _examples(rows.head(examples)))
        for (rule, name), rows in groups
    )
    return table([f"{what}: rule", "table", "what it finds", "count", "examples"], lines, "lllrl")


def _examples(rows: pd.DataFrame) -> str:
    return "; ".join(map(_example, rows.to_dict("records")))


def _example(record: dict[Any, Any]) -> str:
    content = record[c.CONTENT]
    short = content if len(content) <= _LONGEST_CONTENT else f"{content[:_LONGEST_CONTENT]} ..."
    return f"row {record[c.ROW]}: {record[c.REASON]} `{short}`".replace("|", "/")
