"""Foreign tables in files, and what a source's keys make of them."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from infrastructure.settings import checked
from recommender.data.sources.description.table_source import TableSource
from recommender.data.sources.shaping.foreign_rows import rows_of_file
from recommender.data.sources.shaping.shape import shape


def described(**keys: Any) -> TableSource:
    """A table's description; ``names`` are foreign columns that some of ours are made of."""
    names = keys.pop("names", ["x"])
    columns = {f"ours_{place}": {"from": name} for place, name in enumerate(names)}
    return checked(TableSource, {"file": "x.csv", "columns": columns, **keys}, where="test")


def written(folder: Path, file: str, content: Any) -> str:
    """A file with a text, or with a JSON object a line; its name."""
    lines = content if isinstance(content, str) else "\n".join(json.dumps(row) for row in content)
    (folder / file).write_text(lines, encoding="utf-8")
    return file


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, None where a cell is missing."""
    found = frame.astype(object)
    return found.where(found.notna(), None).to_dict("records")


def shaped(cells: dict[str, list[Any]], folder: Path = Path(), **keys: Any) -> list[dict[str, Any]]:
    """The rows that a table with these cells becomes."""
    source = described(**{"names": [*cells], **keys})
    frame = pd.DataFrame({name: pd.Series(column, dtype=object) for name, column in cells.items()})
    return plain(shape(frame, source, folder))


def shaped_file(folder: Path, **keys: Any) -> list[dict[str, Any]]:
    """The rows that a file becomes, of which only the columns that are needed are read."""
    source = described(**keys)
    return plain(shape(rows_of_file(source, folder), source, folder))
