"""Names with dots: columns as they stand, or what is inside of the objects in a column."""

from collections.abc import Collection, Iterable

import pandas as pd

from recommender.data.parsing.json_texts import reach, structure
from recommender.data.sources.cells.missing_words import present


def root_of(name: str, columns: Collection[str]) -> str | None:
    """The column that holds ``name``: of this name, or else of the longest part of it before a dot; None without."""
    if name in columns:
        return name
    parts = name.split(".")
    roots = (".".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return next((root for root in roots if root in columns), None)


def with_names(frame: pd.DataFrame, names: Iterable[str], missing: tuple[str, ...]) -> pd.DataFrame:
    """``frame`` with a column for each of the names that is inside of another column.

    A cell that holds no object, such as a broken JSON text, gives an unreadable one.
    """
    columns = {str(name) for name in frame}
    inside: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        root = root_of(name, columns)
        if root is not None and root != name:
            inside.setdefault(root, []).append(name)
    for root, found in inside.items():
        frame = frame.assign(**_inside(frame, root, found, missing))
    return frame


def _inside(frame: pd.DataFrame, root: str, names: list[str], missing: tuple[str, ...]) -> "dict[str, pd.Series]":
    """The columns ``names``, of which each begins with ``root``; every cell is parsed once."""
    objects = [structure(cell) for cell in present(frame[root], missing)]
    paths = {name: name[len(root) + 1 :].split(".") for name in names}
    return {
        name: pd.Series([reach(value, path) for value in objects], index=frame.index, dtype=object)
        for name, path in paths.items()
    }
