"""What a source file says together with the presets that its tables name by ``like``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infrastructure.errors import ConfigError
from recommender.data.sources.presets.preset import Preset, load_preset

LIKE: Final = "like"
_PLACES: Final = ("file", "sql", "api")
_READING: Final = ("sheet", "header", "delimiter", "quoting", "encoding", "missing", "decimal", "thousands")
"""How a table is read, whatever is made of its rows."""


def with_presets(values: Any, where: str) -> Any:
    """The values of a source file, each table that names a preset completed by it.

    Keys of the preset's table of the same name hold unless the file gives its own; ``columns`` are merged column by
    column; ``null`` takes a key or column out. What is not shaped as a source file stays as it is, for its check.

    Args:
        values: As YAML gives them.
        where: The source file, for messages.

    Raises:
        ConfigError: There is no such preset, or it has no such table.
    """
    tables = values.get("tables") if isinstance(values, dict) else None
    if not isinstance(tables, dict):
        return values
    return {**values, "tables": {name: _completed(name, table, where) for name, table in tables.items()}}


def _completed(name: str, table: Any, where: str) -> Any:
    if not isinstance(table, dict) or not isinstance(table.get(LIKE), str):
        return table
    preset = _preset(name, table[LIKE], where)
    return _without_nulls(_merged(_reading_only(preset.tables[name], table), table, Path(where).parent))


def _preset(table: str, name: str, where: str) -> Preset:
    field = f"tables.{table}.{LIKE}"
    try:
        preset = load_preset(name)
    except ConfigError as error:
        raise ConfigError(
            error.problem, where=error.where or where, field=field, value=name, expected=error.expected
        ) from None
    if table not in preset.tables:
        raise ConfigError(
            f"This preset has no table of {table}.", where=where, field=field, value=name,
            expected=f"it under {' or '.join(preset.tables)}, and another description of the {table}",
        )  # fmt: skip
    return preset


def _reading_only(usual: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """A preset's table that fills down no column of which only columns of ours are made that ``own`` takes out."""
    columns: Any = own.get("columns")
    filled: Any = usual.get("fill_down")
    if not isinstance(columns, Mapping) or not isinstance(filled, Mapping):
        return usual
    gone = {theirs for ours, how in columns.items() if how is None for theirs in _read(usual["columns"].get(ours, ()))}
    needed = {theirs for ours, how in usual["columns"].items() if columns.get(ours, how) for theirs in _read(how)}
    needed |= {*usual.get("where", ()), *usual.get("returned", ())}
    left = [name for name in filled["columns"] if name not in gone - needed]
    if left:
        return {**usual, "fill_down": {**filled, "columns": left}}
    return {key: value for key, value in usual.items() if key != "fill_down"}


def _read(how: Any) -> list[str]:
    names: Any = how.get("from", []) if isinstance(how, Mapping) else how
    return [names] if isinstance(names, str) else list(names)


def _merged(usual: Mapping[str, Any], own: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    elsewhere = any(own.get(place) is not None for place in _PLACES)
    kept = {key: value for key, value in usual.items() if not (elsewhere and key == "file")}
    if not elsewhere:
        kept = _there(kept, folder)
    elif "join" in usual:
        kept["join"] = [_placed(join, usual, own) for join in usual["join"]]
    columns = own.get("columns", {})
    if isinstance(columns, dict):
        columns = {**usual["columns"], **columns}
    return {**kept, **own, "columns": columns}


def _there(read: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """With those of the names that a file usually has that are here; with all where none is, for the message."""
    joined = {"join": [_there(join, folder) for join in read["join"]]} if "join" in read else {}
    names = read.get("file")
    if isinstance(names, list):
        joined["file"] = [name for name in names if any(folder.glob(name))] or names
    return {**read, **joined}


def _placed(join: Mapping[str, Any], usual: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A table that a preset joins: in the folder of the table's own file, or that same table, read as it is read."""
    if join["file"] == usual["file"]:
        reading = {key: value for key, value in {**usual, **own}.items() if key in _READING and value is not None}
        place = {key: own[key] for key in _PLACES if own.get(key) is not None}
        return {**reading, **{key: value for key, value in join.items() if key != "file"}, **place}
    file = own.get("file")
    first = file[0] if isinstance(file, list) and file else file
    folder, slash, _ = first.rpartition("/") if isinstance(first, str) else ("", "", "")
    return {**join, "file": f"{folder}{slash}{join['file']}"}


def _without_nulls(table: dict[str, Any]) -> dict[str, Any]:
    columns: Any = table["columns"]
    if isinstance(columns, dict):
        columns = {ours: how for ours, how in columns.items() if how is not None}
    return {key: value for key, value in {**table, "columns": columns}.items() if value is not None}
