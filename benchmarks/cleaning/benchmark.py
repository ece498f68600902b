"""Planted dirt found and rows accounted for, in Markdown."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.cleaning.measure import OUTCOMES, defect_results, share_done, sound_row_results, table_results
from infrastructure.documents import code_commit, publish, table
from infrastructure.errors import ConfigError
from infrastructure.progress import note
from recommender.data.cleaning.prepare import Prepared, prepare
from recommender.data.raw_tables import RawTables
from recommender.data.sources.description.source import Source
from recommender.data.sources.ingest import ingest
from recommender.synthetic.shop import generate, planted_defects
from recommender.synthetic.tables.dirt import MEND, REJECT
from settings.config import Config

PAGE: Final = "dirt-found"
COMMAND: Final = "make benchmark-cleaning"


def benchmark_cleaning(synthetic: Path, sources: Sequence[Path], folder: Path | None) -> None:
    """Measure, and publish the figures in ``folder`` (:func:`cleaning_figures`)."""
    publish(cleaning_figures(synthetic, sources), PAGE, folder, COMMAND)


def cleaning_figures(synthetic: Path, sources: Sequence[Path]) -> str:
    """Markdown: the planted dirt by defect, sound rows, and every table's rows.

    Raises:
        ConfigError: A file is missing or wrong, or ``synthetic`` describes no synthetic shop.
        DataError: Data cannot be read.
    """
    settings = Source.load(synthetic).synthetic
    if settings is None:
        raise ConfigError("The dirt of this data set is not known.", where=str(synthetic), expected="a synthetic shop")
    ledger = planted_defects(settings)
    shop = prepare(RawTables(synthetic.stem, generate(settings)), Config())
    defects, sound = defect_results(ledger, shop), sound_row_results(ledger, shop)
    tables = [*table_results(synthetic.stem, shop)]
    for source in sources:
        tables += table_results(source.stem, _prepared(source))
    return "\n\n".join([_summary(defects, sound), _defects(defects), _tables(tables)])


def _prepared(source: Path) -> Prepared:
    note("cleaning", source=source.stem)
    return prepare(ingest(source), Config())


def _summary(defects: list[dict[str, Any]], sound: dict[str, Any]) -> str:
    return (
        f"- {share_done(defects, REJECT):.2%} of the planted rows that should be rejected were, "
        f"and {share_done(defects, MEND):.2%} of the planted cells that should be emptied\n"
        f"- of {sound['sound']:,} sound rows {sound['rejected']:,} were rejected, and {sound['emptied']:,} "
        "had a cell emptied\n"
        f"- commit {code_commit(':/benchmarks')}"
    )


def _defects(defects: list[dict[str, Any]]) -> str:
    rows = ((*_named(one), f"{one['planted']:,}", f"{one['done']:,}") for one in defects)
    return table(["planted", "table", "should be", "rows", "were"], rows, "lllrr")


def _named(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["defect"].replace("_", " "), one["table"], OUTCOMES[one["should be"]]


def _tables(tables: list[dict[str, Any]]) -> str:
    counts = ("read", "kept", "quarantined", "repaired")
    rows = ((one["data"], one["table"], *(f"{one[name]:,}" for name in counts)) for one in tables)
    return table(["data", "table", "rows read", "kept", "quarantined", "cells emptied"], rows, "llrrrr")
