"""Compares the knowledge files with each other, with a catalogue and with an inventory; reports in Markdown."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from infrastructure.documents import code_commit, page_name, publish, table
from infrastructure.errors import DataError
from recommender.contract import columns as c
from recommender.data.sources.ingest import ingest
from recommender.knowledge.knowledge import Knowledge
from recommender.reports.knowledge.annex_check import check_record, recorded_annexes
from recommender.reports.knowledge.coverage import Coverage
from recommender.reports.knowledge.public_inventory import InventoryComparison, PublicInventory

COMMAND: Final = "beauty validate-knowledge"
_EXAMPLES: Final = 12


def validate(source: Path, inventory: Path | None = None, folder: Path | None = None) -> str:
    """What is known of the ingredients that the catalogue of ``source`` prints; also a page of figures in ``folder``.

    The public inventory (see ``PublicInventory.read``) is left out where it is not there.

    Raises:
        ConfigError: The knowledge files do not fit together, or a file is missing.
        DataError: The data set or the inventory cannot be read, or has no ingredients.
    """
    knowledge = Knowledge.load()
    check_record(knowledge, recorded_annexes())
    raw = ingest(source)
    products = raw.tables[c.PRODUCTS]
    if c.INGREDIENTS not in products:
        raise DataError(
            "The data set has no ingredients.", where=str(source), field=f"tables.{c.PRODUCTS}.columns.{c.INGREDIENTS}"
        )
    coverage = Coverage.from_labels(map(_names, products[c.INGREDIENTS]), knowledge)
    parts = [_sizes(knowledge), _coverage(coverage), *_unread(coverage)]
    if inventory is not None and inventory.is_dir():
        public = PublicInventory.read(inventory)
        parts += [_comparison(InventoryComparison.between(knowledge, public, coverage.mentions))]
    report = "\n\n".join(parts)
    if folder is not None:
        publish(report, page_name(f"ingredients of {raw.name}"), folder, COMMAND)
    return report


def _names(cell: Any) -> list[str]:
    return [str(name) for name in cell] if isinstance(cell, Iterable) and not isinstance(cell, str) else []


def _sizes(knowledge: Knowledge) -> str:
    synonyms = sum(len(entry.synonyms) for entry in knowledge.ingredients.values())
    return (
        f"{len(knowledge.ingredients):,} ingredients with {synonyms:,} synonyms, {len(knowledge.families)} families, "
        f"{len(knowledge.concerns)} concerns; no reference is open and no name stands for two ingredients. "
        f"Commit {code_commit()}."
    )


def _coverage(coverage: Coverage) -> str:
    unread = coverage.unread.total()
    rows = (
        ("products", f"{coverage.products:,}", ""),
        ("with an ingredient list", f"{coverage.labels:,}", _percent(coverage.labels, coverage.products)),
        ("ingredients printed (mentions)", f"{coverage.mentions.total():,}", ""),
        ("of these, an INCI name is recognised", f"{coverage.named:,}", f"{coverage.share(coverage.named):.1%}"),
        ("an INCI name or a family", f"{coverage.resolved:,}", f"{coverage.share(coverage.resolved):.1%}"),
        ("in a script that cannot be read", f"{unread:,}", f"{coverage.share(unread):.1%}"),
        ("labels with a name that is not recognised", f"{coverage.partly_unknown:,}",
         _percent(coverage.partly_unknown, coverage.labels)),
        ("labels with a name that cannot be read: refused to who avoids an ingredient",
         f"{coverage.refused:,}", _percent(coverage.refused, coverage.labels)),
    )  # fmt: skip
    return table(("of the catalogue", "count", "share"), rows)


def _unread(coverage: Coverage) -> Iterator[str]:
    """Sentences with the most frequent unknown names."""
    for what, names in (("Not recognised", coverage.unknown), ("Not read", coverage.unread)):
        if names:
            shown = ", ".join(f"{name} ({count})" for name, count in names.most_common(_EXAMPLES))
            yield f"{what} most often: {shown}."


def _comparison(comparison: InventoryComparison) -> str:
    owners = [f"{synonym} ({name}; there: {other})" for name, synonym, other in comparison.other_owner]
    rows = (
        ("ingredients compared", f"{comparison.compared:,}", ""),
        ("not in the inventory", f"{len(comparison.missing):,}", _shown(comparison.missing)),
        ("synonyms that it gives to another", f"{len(owners):,}", _shown(owners)),
        ("no function in common", f"{len(comparison.other_functions):,}", _shown(comparison.other_functions)),
        ("printed, for scent alone there, not in our fragrance", f"{len(comparison.scents):,}",
         _shown(comparison.scents)),
    )  # fmt: skip
    return table(("against the inventory", "count", "examples"), rows, "lrl")


def _shown(names: Iterable[str]) -> str:
    return ", ".join(name for name in [*names][:_EXAMPLES]).replace("|", "/")


def _percent(count: int, of: int) -> str:
    return f"{count / of:.1%}" if of else ""
