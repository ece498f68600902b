"""Parts of cells that hold more than one of our columns wants: what a pattern takes out, one of several paths."""

import re
from typing import Final

from recommender.data.parsing.cell_texts import is_missing
from recommender.data.parsing.cells import Cells, as_lists, as_stripped_text
from recommender.data.sources.description.column_source import ColumnSource

PATH: Final = " > "
"""Between the parts of a category path."""


def extracted(cells: Cells, pattern: str | None) -> Cells:
    """What the first group of a pattern matches in each cell; missing where it matches nothing."""
    if pattern is None or cells.isna().all():
        return cells
    return as_stripped_text(as_stripped_text(cells).str.extract(pattern, expand=True)[0])


def deepest_paths(cells: Cells, how: ColumnSource) -> Cells:
    """Of the category paths in each cell the one with most parts, of several such the first."""
    paths = as_lists(cells, literal=True) if how.literal else _divided(cells, how.paths)
    return paths.map(lambda found: _deepest(found, how), na_action="ignore")


def _divided(cells: Cells, mark: str | None) -> Cells:
    """The paths in each cell; a mark behind a backslash is part of a name."""
    apart = re.compile(rf"(?<!\\){re.escape(mark or '')}")

    def divide(text: str) -> list[str]:
        return [part.replace(f"\\{mark}", mark or "") for part in apart.split(text)]

    single = cells.map(lambda cell: is_missing(cell) or isinstance(cell, str)).all()
    texts = as_stripped_text(cells) if single else as_lists(cells)
    return texts.map(lambda found: divide(found) if isinstance(found, str) else found, na_action="ignore")


def _deepest(paths: list[str], how: ColumnSource) -> str | None:
    parts = [_parts(path, how) for path in paths]
    return PATH.join(max(parts, key=len)) or None if parts else None


def _parts(path: str, how: ColumnSource) -> list[str]:
    entries = (entry.strip() for entry in (path.split(how.separator) if how.separator else [path]))
    ours = (how.values.get(entry, entry) for entry in entries if entry)
    return [str(entry) for entry in ours if entry is not None]
