"""What cleaning would make of a data set: of the first rows of each table, so that it is quick for any size."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from infrastructure.errors import RecommenderError
from recommender.config import RecommenderConfig
from recommender.contract import columns as c
from recommender.contract.fields import BEHAVIOUR
from recommender.data.cleaning.all_rules import MEANINGS
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.raw_tables import RawTables
from recommender.data.sources.ingest import ingest

FIRST: Final = 100_000
"""Rows of each table."""


@dataclass(frozen=True)
class RuleCount:
    """How many rows of a table a rule rejects or empties a cell of.

    Attributes:
        what: What the rule finds, in words.
        example: The reason that one of the rows was given.
    """

    table: str
    rule: str
    what: str
    rows: int
    example: str


@dataclass(frozen=True)
class Preview:
    """What cleaning would keep, quarantine and miss.

    Attributes:
        counts: For each table the rows read, kept and quarantined, and the cells emptied.
        rejected, emptied: By rule, the most frequent first.
        missing: For each table the share of clean rows without a value, by column.
        cut: Tables of which only the first rows were read.
        left_out: For each table the rows that ``where`` left out.
        set_aside: Rows that cannot be judged, as their product or customer may be in the rest of a table that was cut.
        fault: Why there is no preview.
    """

    counts: Mapping[str, Mapping[str, int]]
    rejected: tuple[RuleCount, ...] = ()
    emptied: tuple[RuleCount, ...] = ()
    missing: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    cut: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict[str, int])
    set_aside: Mapping[str, int] = field(default_factory=dict[str, int])
    fault: str = ""


def preview(source: Path, config: RecommenderConfig, first: int = FIRST) -> Preview:
    """Read and clean the first rows of each table of a source file; a fault of the data is told, not raised."""
    try:
        raw = _first_rows(source, first)
        cut = tuple(name for name, rows in raw.tables.items() if len(rows) >= first)
        judged, set_aside = _judgeable(raw, cut)
        left_out = {name: origin.left_out for name, origin in raw.origins.items() if origin.left_out}
        return replace(_told(prepare(judged, config), cut), left_out=left_out, set_aside=set_aside)
    except RecommenderError as error:
        return Preview({}, fault=str(error))


def _first_rows(source: Path, first: int) -> RawTables:
    raw = ingest(source, first=first)
    return replace(raw, tables={name: rows.head(first) for name, rows in raw.tables.items()})


def _judgeable(raw: RawTables, cut: tuple[str, ...]) -> tuple[RawTables, dict[str, int]]:
    """The tables without rows whose product or customer may be in the rest of a table, and how many those are."""
    tables, set_aside = dict(raw.tables), dict[str, int]()
    for facts, key in ((c.PRODUCTS, c.PRODUCT_ID), (c.CUSTOMERS, c.CUSTOMER_ID)):
        for name in (name for name in BEHAVIOUR if facts in cut and name in tables and key in tables[name]):
            known = tables[name][key].isin(tables[facts][key]) | tables[name][key].isna()
            tables[name], set_aside[name] = tables[name][known], set_aside.get(name, 0) + int((~known).sum())
    return replace(raw, tables=tables), {name: rows for name, rows in set_aside.items() if rows}


def _told(prepared: Prepared, cut: tuple[str, ...]) -> Preview:
    return Preview(
        counts=prepared.counts,
        rejected=tuple(_by_rule(prepared.quarantine)),
        emptied=tuple(_by_rule(prepared.repairs)),
        missing={name: _missing(frame) for name, frame in prepared.tables},
        cut=cut,
    )


def _by_rule(records: pd.DataFrame) -> Iterator[RuleCount]:
    groups: Any = sorted(records.groupby([c.TABLE, c.RULE], sort=True), key=lambda group: -len(group[1]))
    for (table, rule), rows in groups:
        yield RuleCount(table, rule, MEANINGS[rule, table], len(rows), str(rows[c.REASON].iloc[0]))


def _missing(frame: pd.DataFrame) -> dict[str, float]:
    return {str(name): float(frame[name].isna().mean()) for name in frame if frame[name].isna().any()}
