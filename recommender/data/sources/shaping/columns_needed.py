"""Which columns of a foreign table have to be read."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.files import file_columns
from recommender.data.sources.shaping.names import root_of


def asked_names(source: TableSource) -> list[str]:
    """The foreign names that joining, filtering and mapping use, each once; not all are columns of this table."""
    mapped = chain.from_iterable(how.needed for how in source.columns.values())
    joined = chain.from_iterable(table.on for table in source.join)
    return list(dict.fromkeys(chain(mapped, source.where, source.returned, joined)))


def columns_needed(
    source: TableSource, present: Sequence[str] = (), asked: Sequence[str] | None = None, hoped: Sequence[str] = ()
) -> list[str]:
    """The columns that shaping and mapping need of a table, each once.

    Args:
        source: The table.
        present: Its columns, where they are known: a dot in a name of them is part of the name, and what is not among
            them may come from a joined table. Else what is before the first dot is a column.
        asked: The names that are needed beside those of shaping, filtering and joining; else those that are mapped.
        hoped: Names that are needed if they are there.
    """
    wanted = [] if source.pivot else [*asked_names(source), *(asked or ())]
    there = [] if source.pivot else [name for name in hoped if root_of(name, present) is not None]
    own = {*_shaped_names(source), *(source.join[0].on if source.join and not source.pivot else ())}
    names = (*_shaped_names(source), *wanted, *there)
    found = (_column(name, source, present, name in own) for name in names)
    return list(dict.fromkeys(name for name in found if name is not None))


def columns_to_read(
    path: Path, source: TableSource, asked: Sequence[str] | None = None, hoped: Sequence[str] = ()
) -> list[str]:
    """The same of a file; where it matters, its header is read first.

    Raises:
        DataError: The header cannot be read.
    """
    names = (*_shaped_names(source), *asked_names(source), *(asked or ()))
    matters = bool(hoped or source.join) or any("." in name for name in names)
    return columns_needed(source, file_columns(path, source) if matters else (), asked, hoped)


def _shaped_names(source: TableSource) -> Iterator[str]:
    """The names that change which rows there are."""
    if source.fill_down is not None:
        yield from source.fill_down.columns
        yield from [source.fill_down.within] if source.fill_down.within is not None else []
    for explode in source.explode:
        yield from explode.column
    yield from (unpack.column for unpack in source.unpack)
    if source.pivot is not None:
        yield from (source.pivot.key, source.pivot.property, source.pivot.value)
        yield from [source.pivot.time] if source.pivot.time is not None else []


def _column(name: str, source: TableSource, present: Sequence[str], own: bool) -> str | None:
    """The column to read for a name, which is this table's ``own`` or else may be what a joined table brings: None."""
    if name in present:
        return name
    if any(table.brings(name) for table in source.join):
        return None
    if not present:
        return name.partition(".")[0]
    elsewhere = not own and any(table.prefix is None for table in source.join)
    return root_of(name, present) or (None if elsewhere else name)
