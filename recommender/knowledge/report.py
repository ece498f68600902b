"""``make validate-knowledge``: the knowledge files against each other, a catalogue and an inventory, in Markdown."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from recommender import columns as c
from recommender.commit import commit
from recommender.data.ingest import ingest
from recommender.documents import mark, write_between
from recommender.errors import DataError
from recommender.knowledge.coverage import Coverage
from recommender.knowledge.inventory import Comparison, Inventory
from recommender.knowledge.knowledge import Knowledge

_EXAMPLES: Final = 12


def validate(source: Path, inventory: Path | None = None, document: Path | None = None) -> str:
    """What is known of the ingredients that the catalogue of ``source`` prints; also written into ``document``.

    Args:
        source: YAML file of a data set.
        inventory: Folder of a public inventory (see ``Inventory.read``); left out where it is not there.
        document: Markdown file that takes up the report between its marks.

    Raises:
        ConfigError: The knowledge files do not fit together, or a file is missing.
        DataError: The data set or the inventory cannot be read, or has no ingredients.
    """
    knowledge = Knowledge.load()
    raw = ingest(source)
    products = raw.tables[c.PRODUCTS]
    if c.INGREDIENTS not in products:
        raise DataError(
            "The data set has no ingredients.", where=str(source), field=f"tables.{c.PRODUCTS}.columns.{c.INGREDIENTS}"
        )
    coverage = Coverage.of(map(_names, products[c.INGREDIENTS]), knowledge)
    lines = [*_sizes(knowledge), "", *_coverage(coverage)]
    if inventory is not None and inventory.is_dir():
        lines += ["", *_comparison(Comparison.of(knowledge, Inventory.read(inventory), coverage.mentions))]
    report = "\n".join(lines)
    if document is not None:
        write_between(document, mark(f"ingredients of {raw.name}", "make validate-knowledge"), report)
    return report


def _names(cell: Any) -> list[str]:
    return [str(name) for name in cell] if isinstance(cell, Iterable) and not isinstance(cell, str) else []


def _sizes(knowledge: Knowledge) -> Iterator[str]:
    synonyms = sum(len(entry.synonyms) for entry in knowledge.ingredients.values())
    yield (
        f"{len(knowledge.ingredients):,} ingredients with {synonyms:,} synonyms, {len(knowledge.families)} families, "
        f"{len(knowledge.concerns)} concerns; no reference is open and no name stands for two ingredients. "
        f"Commit {commit()[:10]}."
    )


def _coverage(found: Coverage) -> Iterator[str]:
    yield from _row("of the catalogue", "count", "share")
    yield from _row("---", "---:", "---:")
    yield from _row("products", f"{found.products:,}", "")
    yield from _row("with an ingredient list", f"{found.labels:,}", _percent(found.labels, found.products))
    yield from _row("ingredients printed (mentions)", f"{found.mentions.total():,}", "")
    yield from _row("of these, an INCI name is recognised", f"{found.named:,}", f"{found.share(found.named):.1%}")
    yield from _row("an INCI name or a family", f"{found.resolved:,}", f"{found.share(found.resolved):.1%}")
    unread = found.unread.total()
    yield from _row("in a script that cannot be read", f"{unread:,}", f"{found.share(unread):.1%}")
    yield from _row("labels with a name that is not recognised", f"{found.partly_unknown:,}",
                    _percent(found.partly_unknown, found.labels))  # fmt: skip
    yield from _row("labels with a name that cannot be read: refused to who avoids an ingredient",
                    f"{found.refused:,}", _percent(found.refused, found.labels))  # fmt: skip
    for what, names in (("Not recognised", found.unknown), ("Not read", found.unread)):
        if names:
            yield ""
            shown = ", ".join(f"{name} ({count})" for name, count in names.most_common(_EXAMPLES))
            yield f"{what} most often: {shown}."


def _comparison(found: Comparison) -> Iterator[str]:
    yield from _row("against the inventory", "count", "examples")
    yield from _row("---", "---:", "---")
    yield from _row("ingredients compared", f"{found.compared:,}", "")
    yield from _row("not in the inventory", f"{len(found.missing):,}", _shown(found.missing))
    owners = [f"{synonym} ({name}; there: {other})" for name, synonym, other in found.other_owner]
    yield from _row("synonyms that it gives to another", f"{len(owners):,}", _shown(owners))
    yield from _row("no function in common", f"{len(found.other_functions):,}", _shown(found.other_functions))
    yield from _row("printed, for scent alone there, not in our fragrance", f"{len(found.scents):,}",
                    _shown(found.scents))  # fmt: skip


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _shown(names: Iterable[str]) -> str:
    return ", ".join(name for name in [*names][:_EXAMPLES]).replace("|", "/")


def _percent(count: int, of: int) -> str:
    return f"{count / of:.1%}" if of else ""
