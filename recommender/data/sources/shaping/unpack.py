"""Names and values that stand in one cell, as an object into which names with dots reach."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import pandas as pd

from recommender.data.parsing.cell_texts import UNREADABLE, cell_text, is_missing, unreadable
from recommender.data.parsing.json_texts import is_unreadable, reach, structure
from recommender.data.sources.cells.missing_words import present
from recommender.data.sources.description.shape_settings import Unpack
from recommender.data.sources.shaping.names import with_names


def unpacked(frame: pd.DataFrame, how: Unpack, missing: tuple[str, ...]) -> pd.DataFrame:
    """``frame`` with objects in the column; a name that has several different values has a list of them."""
    frame = with_names(frame, [how.column], missing)
    read = _of_objects if how.key is not None else _of_text
    cells = [None if is_missing(cell) else read(cell, how) for cell in present(frame[how.column], missing)]
    return frame.assign(**{how.column: pd.Series(cells, index=frame.index, dtype=object)})


def _of_objects(cell: Any, how: Unpack) -> Any:
    found = structure(cell)
    if found is None or is_unreadable(found):
        return found
    entries = [structure(entry) for entry in (cast("list[Any]", found) if isinstance(found, list) else [found])]
    if not all(isinstance(entry, Mapping) for entry in entries):
        return unreadable(found)
    key, values = str(how.key).split("."), [path.split(".") for path in how.value]
    return _gathered((_name(reach(entry, key)), _first(entry, values)) for entry in entries)


def _name(cell: Any) -> str | None:
    """Without the blanks around it: what stands under ``avoids `` must not be lost."""
    text = cell_text(cell)
    return text.strip() if text is not None else None


def _first(entry: Any, paths: list[list[str]]) -> Any:
    found = (reach(entry, path) for path in paths)
    return next((value for value in found if not is_missing(value)), None)


def _gathered(pairs: Iterable[tuple[str | None, Any]]) -> dict[str | None, Any]:
    """The value of each name, or a list of all that differ."""
    found: dict[str | None, list[Any]] = {}
    for name, value in pairs:
        values = found.setdefault(name, [])
        if value is not None and value not in values:
            values.append(value)
    return {name: values[0] if len(values) == 1 else (values or None) for name, values in found.items()}


def _of_text(cell: Any, how: Unpack) -> Any:
    """Pairs in a text; a part without a name goes on with the value before it, which has the separator in it."""
    if not isinstance(cell, str):
        return cell if isinstance(cell, Mapping) else unreadable(cell)
    separator, equals = str(how.separator), str(how.equals)
    pairs: list[list[str]] = []
    for part in cell.split(separator) if cell.strip() else []:
        before, sign, after = part.partition(equals)
        if sign:
            pairs.append([before.strip(), after])
        elif pairs:
            pairs[-1][1] += separator + part
        elif part.strip():
            return f"{UNREADABLE}{cell}"
    return _gathered((name, value) for name, value in pairs)
