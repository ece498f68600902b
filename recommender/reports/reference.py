"""What a data set may hold, and what becomes of it, as reference pages that are written from the code itself."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, get_args

from infrastructure.documents import publish, table
from infrastructure.settings import Settings
from recommender.config.preparation import MissingSettings
from recommender.contract import columns as c
from recommender.contract.event_types import EVENT_TYPES, WORDED_TYPES
from recommender.contract.fields import CONTRACT
from recommender.data.cleaning.all_rules import REJECTING_RULES
from recommender.data.cleaning.rule import Rule
from recommender.data.cleaning.rules import CELL_RULES
from recommender.data.sources.description.column_source import ColumnSource
from recommender.data.sources.description.currency_settings import CurrencySettings, RatesFile
from recommender.data.sources.description.remote_settings import ApiSource, SqlSource
from recommender.data.sources.description.row_condition import RowCondition
from recommender.data.sources.description.shape_settings import Explode, FillDown, Pivot, Unpack
from recommender.data.sources.description.source import Source
from recommender.data.sources.description.table_source import JoinedTable, TableSource
from recommender.data.sources.presets import Preset, load_preset, preset_names

COMMAND: Final = "make reference"

#: What a column holds beyond its kind.
HOLDS: Final = {
    c.SKIN_TYPE: f"one of: {', '.join(c.SKIN_TYPES)}",
    c.TYPE: f"one of: {', '.join(EVENT_TYPES)}",
    c.CATEGORY: "text: a path, such as Face > Serums",
    c.INGREDIENTS: "a list of texts, in the label's order",
    c.DESCRIPTION: "text about the product; HTML is taken out",
    c.RATING: "a number from 1 to 5",
    c.RETURNED: "a whole number: pieces of this line that came back, with either sign",
    c.POSITION: "a whole number: the order within equal times",
}
_REJECTED: Final = "the row is put in quarantine"
_LEFT: Final = "stays missing: most events are without"
#: What becomes of a missing value in the columns that leave no choice.
WITHOUT_CHOICE: Final = {
    **dict.fromkeys((c.CUSTOMER_ID, c.PRODUCT_ID, c.RATING, c.TYPE), _REJECTED),
    c.NAME: "the product id stands for it",
    **dict.fromkeys((c.TRANSACTION_ID, c.EVENT_ID), "made from the row's number in the source"),
    c.QUANTITY: "one piece",
    c.RETURNED: "stays missing: no piece came back",
    c.POSITION: "the order of the rows in the source",
    **dict.fromkeys((c.SESSION_ID, c.QUERY, c.VALUE, c.REQUEST_ID), _LEFT),
}
#: The same where it differs from table to table.
IN_ONE_TABLE: Final = {
    (c.TRANSACTIONS, c.TIME): f"{_REJECTED}, unless no row has a time",
    (c.EVENTS, c.TIME): _REJECTED,
    (
        c.EVENTS,
        c.PRODUCT_ID,
    ): f"stays missing in events of type {' and '.join(WORDED_TYPES)}; else {_REJECTED}",
}
_KEYS: Final[dict[str, type[Settings]]] = {
    "The data set": Source,
    "A table": TableSource,
    "`sql`: a database": SqlSource,
    "`api`: a web API": ApiSource,
    "A column": ColumnSource,
    "`fill_down`: cells that stand in the first row of several only": FillDown,
    "`explode`: a row for each entry of a list": Explode,
    "`unpack`: names and values in one cell": Unpack,
    "`pivot`: rows of properties": Pivot,
    "`join`: another table; beside the keys of a table it has": JoinedTable,
    "`where`: a condition of a column; a value or a list alone is short for `is`": RowCondition,
    "`currency`: prices in one": CurrencySettings,
    "`rates`: a file of them": RatesFile,
}


def publish_reference(folder: Path | None) -> None:
    """Write the pages ``columns``, ``source-file-keys``, ``presets`` and ``cleaning-rules``, or print them."""
    publish(columns(), "reference/columns", folder, COMMAND)
    publish(source_file_keys(), "reference/source-file-keys", folder, COMMAND)
    publish(presets(), "reference/presets", folder, COMMAND)
    publish(cleaning_rules(), "reference/cleaning-rules", folder, COMMAND)


def columns() -> str:
    """Every column of every table: what it holds, and what becomes of a missing value."""
    titles = ("column", "holds", "missing values: choices", "a missing value that is kept means")
    return "\n\n".join(f"## {name}\n\n{table(titles, _columns_of(name), 'llll')}" for name in CONTRACT)


def _columns_of(table_name: str) -> Iterator[tuple[str, str, str, str]]:
    choices = _choices(table_name)
    for field in CONTRACT[table_name]:
        name = f"**{field.name}** (required)" if field.required else field.name
        holds = HOLDS.get(field.name, field.kind.value)
        if field.name in choices:
            allowed, meaning = choices[field.name]
            yield name, holds, ", ".join(allowed), meaning
        else:
            yield name, holds, "–", IN_ONE_TABLE.get((table_name, field.name)) or WITHOUT_CHOICE[field.name]


def _choices(table_name: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Of each column that leaves a choice, the choices and what it means to keep a value missing."""
    group = MissingSettings.model_fields.get(table_name)
    fields: dict[str, Any] = getattr(group.annotation, "model_fields", {}) if group else {}
    return {name: (get_args(field.annotation), field.description) for name, field in fields.items()}


def source_file_keys() -> str:
    """Every key of a data set's YAML file."""
    return "\n\n".join(
        f"## {title}\n\n{table(('key', 'meaning'), _keys_of(kind), 'll')}" for title, kind in _KEYS.items()
    )


def _keys_of(kind: type[Settings]) -> Iterator[tuple[str, str]]:
    """The keys of settings, without those that are explained with the settings that they add to."""
    known = {name for base in kind.__bases__ if issubclass(base, Settings) for name in base.model_fields}
    for name, field in kind.model_fields.items():
        if name in known:
            continue
        default = field.get_default()
        plain = isinstance(default, str | int) and not isinstance(default, bool) and not field.is_required()
        yield f"`{field.alias or name}`", f"{field.description or 'see below'}{f' (`{default}`)' if plain else ''}"


def presets() -> str:
    """Every preset: what it is, what its files are called, what it lacks, and where its structure is documented."""
    return "\n\n".join(f"## {name}\n\n{_preset(load_preset(name))}" for name in preset_names())


def _preset(preset: Preset) -> str:
    files = (
        (f"`{name}`", _codes(preset.usual_files(name)), _codes(preset.recognised_by[name])) for name in preset.tables
    )
    tables = table(("table", "file", "recognised by the columns"), files, "lll")
    lacks = f" **Not in it:** {preset.lacks.strip()}" if preset.lacks else ""
    documented = ", ".join(f"<{address}>" if "://" in address else f"`{address}`" for address in preset.cited)
    return f"{preset.about.strip()}{lacks}\n\n{tables}\n\nDocumented at {documented}."


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def cleaning_rules() -> str:
    """Every cleaning rule in its order."""
    rejecting, emptying = _rules(REJECTING_RULES), _rules(CELL_RULES)
    return f"## A row is rejected\n\n{rejecting}\n\n## A cell is emptied, and the row kept\n\n{emptying}"


def _rules(rules: Iterable[Rule]) -> str:
    """One line for each rule; of rules that find the same in several columns, one for all."""
    tables: dict[tuple[str, str], dict[str, None]] = {}
    for rule in rules:
        tables.setdefault((rule.name, rule.what), {}).update(dict.fromkeys(rule.tables))
    lines = ((f"`{name}`", ", ".join(names), what) for (name, what), names in tables.items())
    return table(("rule", "tables", "what it finds"), lines, "lll")


if __name__ == "__main__":
    publish_reference(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
